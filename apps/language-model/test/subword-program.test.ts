import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTrainingConfig } from "../src/training-config.ts";
import { line } from "./models.ts";
import { languageModel } from "./support/program.ts";

const config = {
  model: { recurrent: { cell: "lstm", units: 16 } },
  vocabulary: { units: "subwords", size: 275 },
  streams: 2,
  steps: 10,
  training: { maxSteps: 12, optimizer: { name: "adam", learningRate: 0.02 } },
};

describe("language-model with subwords", { timeout: 600_000 }, () => {
  let folder: string;
  let book: string;
  let model: string;
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "attend-subwords-"));
    book = file("book.txt", line.repeat(60));
    const out = join(folder, "out");
    model = join(out, "model");
    const flags = ["--config", file("config.json", config), "--out", out];
    const { code, stdout, stderr } = await languageModel(["train", book, ...flags]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^epoch 1, step 12: loss \d\.\d{4} \(best so far\)\n$/),
    });
    // The loss is per token, the final figure per character.
    const [, perToken] = /loss (\S+)/.exec(stderr) ?? [];
    const [, perCharacter] =
      /\(\d+ tokens\/s\), (\S+) nats\/character at step 12\n$/.exec(stdout) ?? [];
    expect(Number(perCharacter)).toBeLessThan(Number(perToken));
    expect(Number(perCharacter)).toBeGreaterThan(0);
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }));

  test("writes the vocabulary into the model folder", () => {
    const { kind, tokens, bytes } = JSON.parse(
      readFileSync(join(model, "vocabulary.json"), "utf8"),
    );
    expect(kind).toBe("bpe");
    expect(tokens).toHaveLength(275 - 256);
    expect(tokens).toContain("the");
    expect(bytes).toEqual([]);
  });

  test("generates the requested number of characters", async () => {
    const args = ["--model", model, "--prompt", "the ", "--length", "25", "--json"];
    const { code, stdout, stderr } = await languageModel(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { prompt, text } = JSON.parse(stdout);
    expect([prompt, text.length]).toEqual(["the ", 25]);
    expect(text).toMatch(/^[a-z\n ]+$/);
  });

  test("measures any text, per character and per token", async () => {
    const table = await languageModel(["evaluate", book, "--model", model]);
    const columns = ["characters", "nats/character", "bits/character", "perplexity"];
    expect(table.stdout.split("\n")[0]?.trim().split(/ {2,}/)).toEqual([
      ...columns,
      "tokens",
      "nats/token",
      "bits/token",
    ]);
    const other = { stdin: "Zwölf 😀\n" };
    const json = await languageModel(["evaluate", "-", "--json", "--model", model], other);
    const { characters, tokens, natsPerCharacter, natsPerToken, unit } = JSON.parse(json.stdout);
    expect({ characters, tokens, unit }).toEqual({ characters: 7, tokens: 11, unit: "tokens" });
    expect(natsPerCharacter * characters).toBeCloseTo(natsPerToken * tokens, 4);
  });

  test("reports a bad size in one line", async () => {
    const trainWith = (vocabulary: object) => {
      const path = file("other.json", { ...config, vocabulary });
      const out = join(folder, "other");
      return languageModel(["train", book, "--config", path, "--out", out]);
    };
    const cases: [object, string][] = [
      [
        { units: "subwords", size: 260 },
        `${book}, with "vocabulary" as configured: a tokenizer of 260 tokens is too small: 256 bytes, 11 characters take 267; ask for more`,
      ],
      [
        { units: "subwords", size: 5000 },
        "the texts are too short for 5000 tokens: after 279 nothing is left that occurs twice; ask for 279 or fewer",
      ],
    ];
    for (const [vocabulary, message] of cases) {
      const { code, stderr } = await trainWith(vocabulary);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
      expect(stderr.trimEnd()).not.toContain("\n");
    }
  });
});

test("a config without units means characters, and is kept as it is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "attend-subwords-"));
  const read = async (vocabulary: object) => {
    const path = join(folder, "config.json");
    writeFileSync(path, JSON.stringify({ ...config, vocabulary }));
    return (await readTrainingConfig(path)).vocabulary;
  };
  expect(await read({})).toEqual({ minCount: 1 });
  expect(await read({ minCount: 3 })).toEqual({ minCount: 3 });
  expect(await read({ units: "characters" })).toEqual({ units: "characters", minCount: 1 });
  expect(await read({ units: "subwords" })).toEqual({ units: "subwords", size: 2000, minCount: 1 });
  for (const wrong of [{ size: 500 }, { units: "words" }, { units: "subwords", size: 0 }]) {
    await expect(read(wrong)).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: expect.stringMatching(/^[^\n]*config\.json: vocabulary[^\n]*$/),
    });
  }
  await rm(folder, { recursive: true });
});
