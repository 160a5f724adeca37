import { join } from "node:path";
import { engines } from "@attend/speech-engines";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whyNoBrowser } from "./browser.ts";
import { openStudio, type Studio } from "./studio.ts";

const photo = join(import.meta.dirname, "../../../examples/photos/photographer.jpg");
const speech = join(import.meta.dirname, "../../../examples/speech/LJ001-0013.wav");
const faq = `question,answer
When do you open?,At nine in the morning.
Where are you?,At the corner of the park.
Do you sell tea?,"Yes, green and black."
`;
const canTalk = (await engines()).some((each) => each.name === "whisper-tiny" && each.installed);
const talking = "whisper-tiny is not installed: `attend-interpret setup whisper-tiny`";
if (whyNoBrowser) process.stderr.write(`tests of the page skipped: ${whyNoBrowser}\n`);

/** The main path of each tab on the shipped models. */
describe.skipIf(whyNoBrowser)("the tab", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  const words = (page: Page, name: RegExp) =>
    page.getByRole("toolbar", { name }).getByRole("button");

  test("Photo captions a photo, lights a word's region, and answers a question", async () => {
    const page = await studio.open("photo");
    await page.setInputFiles("input[type=file]", photo);
    const caption = words(page, /caption/);
    await caption.first().waitFor();
    expect((await caption.allTextContents()).join(" ")).toMatch(/man.*camera/);
    expect(await page.locator("canvas").getAttribute("data-lit")).toBe("false");
    await caption.nth(1).hover();
    await page.getByText(/“man”: it looked/).waitFor();
    expect(await page.locator("canvas").getAttribute("data-lit")).toBe("true");
    await studio.photograph(page, "photo");
    await caption.nth(1).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText(/“is”: it looked/).waitFor();

    await page.getByRole("textbox", { name: "Question" }).fill("What is the man holding?");
    await page.keyboard.press("Enter");
    const look = page.getByRole("button", { name: "Look 1" });
    await look.hover();
    await page.getByText(/look 1”: it looked/).waitFor();
    expect(await studio.audit(page)).toEqual([]);
    await page.context().close();
  });

  test("Photo says what to do about a file that is none, and goes on", async () => {
    const page = await studio.open("photo");
    const broken = { name: "broken.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo") };
    await page.setInputFiles("input[type=file]", broken);
    expect(await page.getByRole("alert").textContent()).toMatch(/^broken\.jpg is not a picture/);
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
    await page.getByRole("button", { name: "Another photo" }).click();
    await page.getByRole("button", { name: "Use the camera" }).click();
    await page.getByRole("button", { name: "Take the photo" }).click();
    await words(page, /caption/)
      .first()
      .waitFor();
    expect(await studio.audit(page)).toEqual([]);
    await page.context().close();
  });

  test("Translate translates by two models and draws what belongs together", async () => {
    // High enough for all of it: a picture of a page that is scrolled has the header in its middle.
    const page = await studio.open("translate", { viewport: { width: 1280, height: 1100 } });
    await page.getByLabel("Translator").selectOption("translator-en-de");
    await page.getByLabel("Compare with").selectOption("translator-en-fr");
    await page.getByRole("textbox").fill("Two dogs are playing in the snow.");
    await page.getByRole("button", { name: "Translate", exact: true }).click();
    const german = page.getByRole("region", { name: "Attention of translator-en-de" });
    const hounds = german.getByRole("button", { name: "Hunde" });
    await hounds.hover();
    await german.getByText(/“Hunde”: “dogs” \d+%/).waitFor();
    expect(await german.locator(".lines path").count()).toBeGreaterThan(0);
    await page.getByRole("region", { name: "Translation by translator-en-fr" }).waitFor();
    await studio.photograph(page, "translate");
    expect(await studio.audit(page)).toEqual([]);
    await page.context().close();
  });

  test("Chat learns a FAQ, answers with its source, and answers about a photo", async () => {
    const page = await studio.open("chat");
    const files = page.locator("input[type=file]");
    const csv = { name: "shop.csv", mimeType: "text/csv", buffer: Buffer.from(faq) };
    await files.first().setInputFiles(csv);
    await page.getByText("3 answers to 3 questions").waitFor();
    const say = async (message: string) => {
      await page.getByRole("textbox", { name: "Message" }).fill(message);
      await page.keyboard.press("Enter");
    };
    await say("when do you open");
    await page.getByText("At nine in the morning.", { exact: true }).first().waitFor();
    await page.getByText("Source", { exact: true }).click();
    await page.getByText("When do you open?", { exact: true }).waitFor();
    await files.last().setInputFiles(photo);
    await page.getByRole("img", { name: "The photo photographer.jpg" }).waitFor();
    await say("Is it a man?");
    await page.getByText(/photographer\.jpg, as the model sees it/).waitFor({ state: "attached" });
    expect(await studio.audit(page)).toEqual([]);
    await page.context().close();
  });

  const withEngine = canTalk ? test : test.skip;

  withEngine(`Talk hears a recording and translates it (${talking} if it is skipped)`, async () => {
    const page = await studio.open("talk");
    await page.route("**/v1/interpretations*", (route) =>
      route.continue({ url: `${route.request().url()}&engine=whisper-tiny` }),
    );
    await page.getByLabel("Languages").selectOption("en-de");
    await page.setInputFiles("input[type=file]", speech);
    await page.getByRole("img", { name: /^A recording of \d\.\d s/ }).waitFor();
    const said = page.getByRole("region", { name: "What was said" });
    await said.getByText("Translated").waitFor();
    await said.getByRole("button", { name: "Play the translation" }).waitFor();
    expect(await said.getByRole("definition").first().textContent()).toMatch(/ugly ones/);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download subtitles" }).click();
    expect((await download).suggestedFilename()).toBe("subtitles.vtt");
    expect(await studio.audit(page)).toEqual([]);
    await page.context().close();
  });

  test("Learn computes a figure anew when its word changes", async () => {
    const page = await studio.open("learn");
    await page.getByText("it now writes “hello”").waitFor();
    await page.getByLabel("Word").fill("banana");
    await page.getByRole("button", { name: "Compute" }).click();
    await page.getByText("it now writes “banana”").waitFor();
    await page.getByRole("link", { name: /Beam search/ }).click();
    const tree = page.getByRole("img", { name: /^A tree of \d+ nodes/ });
    await tree.waitFor();
    expect(await tree.getAttribute("aria-label")).toMatch(/Ein Mann reitet/);
    expect(await page.locator(".equation math").count()).toBe(1);
    await studio.photograph(page, "learn");
    expect(await studio.audit(page)).toEqual([]);
    await page.context().close();
  });
});
