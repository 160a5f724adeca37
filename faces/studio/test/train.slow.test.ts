import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { trainingSchema } from "@attend/serve/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whyNoBrowser } from "./browser.ts";
import { openStudio, type Studio } from "./studio.ts";

const photos = join(import.meta.dirname, "../../../examples/photos");
const words = ["red", "dog", "cat", "sun", "sea", "old", "new", "big"];
const pairs = words.flatMap((a) => words.map((b) => `the ${a} ${b}\tdas ${b} ${a}\n`)).join("");
const network = {
  ...{ kind: "transformer", size: 16, heads: 2, feedForwardSize: 16 },
  ...{ encoderLayers: 1, decoderLayers: 1, dropout: 0 },
};
const config = {
  ...{ model: { network }, vocabulary: { size: 300 }, tokensPerBatch: 200 },
  training: {
    epochs: 1,
    optimizer: { name: "adam", learningRate: 0.01 },
    schedule: { name: "cosine", warmupSteps: 2 },
  },
};

describe.skipIf(whyNoBrowser)("training", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
    writeFileSync(join(studio.runs, "pairs.tsv"), pairs);
    writeFileSync(join(studio.runs, "config.json"), JSON.stringify(config));
  });
  afterAll(async () => {
    await end("small");
    await studio.close();
  });

  const post = (name: string, what: "stop" | "resume") =>
    fetch(`${studio.server.url}/v1/trainings/${name}/${what}`, { method: "POST" });
  async function end(name: string): Promise<void> {
    await post(name, "stop");
    await fetch(`${studio.server.url}/v1/trainings/${name}`, { method: "DELETE" });
  }

  test("it is started, survives a reload, is stopped and resumed", async () => {
    const page = await studio.open("train");
    await page.getByLabel("What to train").selectOption("translate");
    await page.getByLabel("Name").fill("small");
    await page
      .getByRole("textbox", { name: "File of sentence pairs" })
      .fill(join(studio.runs, "pairs.tsv"));
    await page
      .getByRole("textbox", { name: "Configuration" })
      .fill(join(studio.runs, "config.json"));
    // Longer than any test takes: it is stopped.
    await page.getByLabel("Minutes").fill("1000");
    await page.getByRole("button", { name: "Start the training" }).click();
    const view = page.getByRole("region", { name: "small" });
    await view.getByText("running", { exact: true }).waitFor();
    await view.getByRole("img", { name: /^The loss over \d+ steps/ }).waitFor();
    await view.getByText(/bleu/).first().waitFor();

    await page.reload();
    await view.getByRole("img", { name: /^The loss over \d+ steps/ }).waitFor();
    // Until it has learned something that a picture can show.
    await view.getByText(/^step \d{3,} /).waitFor();
    await studio.photograph(page, "train");
    expect(await studio.audit(page)).toEqual([]);
    await view.getByRole("button", { name: "Stop" }).click();
    await view.getByText("stopped", { exact: true }).waitFor();
    expect(await view.getByRole("button", { name: "Stop" }).count()).toBe(0);
    await view.getByRole("button", { name: "Resume" }).click();
    await view.getByText("running", { exact: true }).waitFor();
    expect(await view.getByRole("button", { name: "Delete" }).count()).toBe(0);
    await page.context().close();
  });

  test("it is deleted by keyboard, if one means it and it does not run", async () => {
    await post("small", "stop");
    const page = await studio.open("train/small");
    const opener = page
      .getByRole("region", { name: "small" })
      .getByRole("button", { name: "Delete" });
    const dialog = page.getByRole("alertdialog", { name: "Delete small?" });
    const focused = page.locator(":focus");
    await opener.press("Enter");
    await dialog.waitFor();
    expect(await focused.textContent()).toBe("Cancel");
    expect(await studio.audit(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await focused.textContent()).toBe("Delete");

    await page.keyboard.press("Enter");
    await dialog.waitFor();
    await post("small", "resume");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await dialog.getByRole("alert").textContent()).toMatch(/is running; stop it, then/);

    await post("small", "stop");
    await dialog.getByRole("button", { name: "Delete" }).press("Enter");
    await page.getByText("small is deleted.").waitFor();
    expect(await focused.textContent()).toBe("small is deleted.");
    await page.getByRole("link", { name: /^small/ }).waitFor({ state: "detached" });
    expect(existsSync(join(studio.runs, "small"))).toBe(false);
    await page.context().close();
  });

  test("files and folders that are chosen are sent", async () => {
    const page = await studio.open("train");
    const choose = async (label: string, files: string | string[]) => {
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: `Choose: ${label}` }).click();
      await (await chooser).setFiles(files);
    };
    await page.getByLabel("What to train").selectOption("caption");
    await page.getByLabel("Name").fill("photos");
    await choose("Folder of photos", photos);
    await page.getByText(/^photos \(\d+ files, [\d.]+ MiB\)$/).waitFor();
    const captions = join(studio.runs, "captions.csv");
    const names = readdirSync(photos);
    writeFileSync(captions, `image,caption\n${names.map((name) => `${name},A photo.\n`).join("")}`);
    await choose("File of captions", captions);
    await page.getByRole("button", { name: "Remove: File of captions" }).click();
    await choose("File of captions", captions);
    expect(await studio.audit(page)).toEqual([]);
    await page.getByRole("button", { name: "Start the training" }).click();
    await page.getByRole("region", { name: "photos" }).waitFor();
    const data = join(studio.runs, "photos/data");
    expect(readdirSync(join(data, "images"))).toEqual(names);
    expect(readdirSync(join(data, "captions"))).toEqual(["captions.csv"]);
    const { state } = trainingSchema.parse(
      await (await fetch(`${studio.server.url}/v1/trainings/photos`)).json(),
    );
    expect(state).toMatch(/waiting|running/);
    await end("photos");
    await page.context().close();
  });

  test("data that are not there are told, with what to do", async () => {
    const page = await studio.open("train");
    await page.getByLabel("Name").fill("nothing");
    await page
      .getByRole("textbox", { name: "File of questions and answers" })
      .fill("/no/such/file.csv");
    await page.getByRole("button", { name: "Start the training" }).click();
    expect(await page.getByRole("alert").textContent()).toMatch(/file\.csv/);
    await page.context().close();
  });
});
