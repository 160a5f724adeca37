import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPage, isPageStale } from "../src/page.ts";
import { openBrowser, whyNoBrowser } from "./browser.ts";

const repository = join(import.meta.dirname, "../../..");
const photos = join(repository, "examples/photos");
const photo = join(photos, "photographer.jpg");

describe.skipIf(whyNoBrowser)("attend-studio", () => {
  let browser: Browser;
  let running: ChildProcess | undefined;
  beforeAll(async () => {
    if (isPageStale()) await buildPage();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    running?.kill();
  });

  /** @returns the address that it prints */
  async function start(port: string): Promise<string> {
    const program = ["scripts/start.mjs", "studio", "--no-open", "--port", port];
    running = spawn(process.execPath, ["--conditions=@attend/source", ...program], {
      cwd: repository,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    for await (const text of running.stdout ?? []) {
      printed += text;
      if (printed.includes("\n")) break;
    }
    return printed.trim();
  }

  test("a server that dies in the middle is told, and what was asked can be asked again", async () => {
    const address = await start("0");
    const conversation = await browser.newPage({ locale: "en-US" });
    await conversation.goto(`${address}/#/chat`);
    const show = (name: string) =>
      conversation.locator("input[type=file]").last().setInputFiles(join(photos, name));
    await show("photographer.jpg");
    await conversation.getByRole("img", { name: /photographer/ }).waitFor();

    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(address);
    const asked = page.waitForRequest(/captions/);
    await page.setInputFiles("input[type=file]", photo);
    await asked;
    const ended = running && once(running, "exit");
    running?.kill("SIGKILL");
    await ended;
    expect(await page.getByRole("alert").textContent()).toMatch(
      /^The server does not answer\. Start/,
    );

    await start(new URL(address).port);
    await page.getByRole("button", { name: "Try again" }).click();
    expect(await page.getByRole("toolbar").textContent()).toMatch(/man/);
    await page.close();

    await show("cat.jpg");
    expect(await conversation.getByRole("alert").textContent()).toMatch(/forgotten/);
    await conversation.getByRole("button", { name: "Try again" }).click();
    await conversation.getByRole("img", { name: /cat/ }).waitFor();
    await conversation.close();
  });
});
