import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describeWithData, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { loadLanguageModel } from "../src/index.ts";
import { languageModels } from "../src/model.ts";
import { languageModel } from "./support/program.ts";

useEngine();

test("the shipped model generates words", async () => {
  const model = await loadLanguageModel();
  let text = "";
  for await (const piece of model.generate({ prompt: "ROMEO:", length: 50, greedy: true })) {
    text += piece;
  }
  expect(text).toHaveLength(50);
  expect(text.trim().split(/\s+/)).toContain("the");
  model.close();
});

test("the command uses it by default, and it has less than 12 MB", async () => {
  const weights = await readFile(join(languageModels.shippedFolder(), "model.safetensors"));
  expect(weights.length).toBeLessThan(12e6);
  const { code, stdout } = await languageModel([
    "--prompt",
    "To be",
    "--length",
    "20",
    "--seed",
    "3",
  ]);
  expect(code).toBe(0);
  expect(stdout.startsWith("To be")).toBe(true);
  expect(stdout).toHaveLength("To be".length + 20 + 1);
});

describeWithData("on tiny-shakespeare", ["text"], (folder) => {
  // On wasm it takes minutes, with the same result, since the cells agree on both engines.
  const run = test.skipIf(process.env["ATTEND_ENGINE"] === "wasm");
  run("it predicts held-out text", { timeout: 600_000 }, async () => {
    const text = await readFile(join(folder, "tiny-shakespeare.txt"), "utf8");
    const model = await loadLanguageModel();
    // A part of the held-out end.
    const { natsPerCharacter } = await model.evaluate(text.slice(-20_000));
    expect(natsPerCharacter).toBeLessThan(1.75); // These 20,000 characters are harder than the entire held-out part, 1.45.
    model.close();
  });
});
