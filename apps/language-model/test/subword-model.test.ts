import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crossEntropy } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { measure } from "../src/evaluate.ts";
import { type GenerateOptions, LanguageModel, loadLanguageModel } from "../src/index.ts";
import { languageModels } from "../src/model.ts";
import { createSubwordNetwork, line } from "./models.ts";

useEngine();

function createModel(): LanguageModel {
  const { network, subwords } = createSubwordNetwork();
  return new LanguageModel({ network, tokens: subwords });
}

async function piecesOf(model: LanguageModel, options: GenerateOptions): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of model.generate(options)) pieces.push(piece);
  return pieces;
}

test("generates the requested number of characters, and only those of the training text", async () => {
  const model = createModel();
  await expectNoLeak(async () => {
    // With random weights all tokens are about equally likely, so bytes come in any order.
    const pieces = await piecesOf(model, { length: 300, temperature: 2, seed: 4 });
    expect([...pieces.join("")]).toHaveLength(300);
    expect(pieces.join("")).toMatch(/^[a-z\n éö]*$/u);
    expect(pieces.join("")).toContain("é");
    expect(pieces).not.toContain("");
    expect(pieces.some((piece) => piece.length > 1)).toBe(true);
  });
  model.close();
});

test("truncates the last token", async () => {
  const model = createModel();
  const complete = (await piecesOf(model, { prompt: "the", length: 40, seed: 2 })).join("");
  for (const length of [1, 2, 3, 4, 5]) {
    const text = (await piecesOf(model, { prompt: "the", length, seed: 2 })).join("");
    expect(text).toBe([...complete].slice(0, length).join(""));
  }
  model.close();
});

test("reads any prompt", async () => {
  const model = createModel();
  for (const prompt of ["", "Ωm 😀", "\ud83d"]) {
    expect([...(await piecesOf(model, { prompt, length: 5 })).join("")]).toHaveLength(5);
  }
  model.close();
});

test("measures the nats of all tokens except the first, per token and per character", async () => {
  const { network, subwords } = createSubwordNetwork();
  const text = `${line.repeat(30)}zwölf 😀`;
  const ids = Int32Array.from(subwords.encode(text));
  const nats = tf.tidy(() => {
    const inputs = tf.tensor2d(ids.subarray(0, -1), [1, ids.length - 1], "int32");
    const { features } = network.features(inputs, network.start(1));
    const logits = network.project(tf.reshape(features, [ids.length - 1, -1]));
    return tf.sum(crossEntropy(logits, tf.tensor1d(ids.subarray(1), "int32"))).dataSync()[0]!;
  });
  const characters = [...text].length - subwords.charactersOf(ids[0]!);
  const tokens = ids.length - 1;
  const model = new LanguageModel({ network, tokens: subwords });
  const progress: number[][] = [];
  const onProgress = (done: number, total: number) => void progress.push([done, total]);
  const { perplexity, ...result } = await model.evaluate(text, { onProgress });
  expect(tokens).toBeLessThan(characters);
  expect(result).toEqual({
    characters,
    skipped: 0,
    natsPerCharacter: expect.closeTo(nats / characters, 4),
    bitsPerCharacter: expect.closeTo(nats / characters / Math.LN2, 4),
    unit: "tokens",
    tokens,
    natsPerToken: expect.closeTo(nats / tokens, 4),
    bitsPerToken: expect.closeTo(nats / tokens / Math.LN2, 4),
  });
  expect(perplexity).toBeCloseTo(Math.exp(nats / characters), 3);
  expect(progress.at(-1)).toEqual([characters, characters]);
  model.close();
});

test("counts the measured characters with parallel streams", async () => {
  const { network, subwords } = createSubwordNetwork();
  const ids = Int32Array.from(subwords.encode(line.repeat(300))).subarray(0, 257 + 3 * 400);
  const count = (part: Int32Array) => part.reduce((sum, id) => sum + subwords.charactersOf(id), 0);
  const { tokens, characters } = await measure(network, subwords, ids, { streams: 3 });
  expect([tokens, characters]).toEqual([1200, count(ids.subarray(257))]);
  network.dispose();
});

test("measures the end of a text by characters", async () => {
  const model = createModel();
  const last = await model.evaluate(`${"😀".repeat(230)}${line.repeat(10)}`, { last: 0.5 });
  expect(last).toEqual(await model.evaluate(line.repeat(10)));
  model.close();
});

test("rejects a text with one token", async () => {
  const model = createModel();
  await expect(model.evaluate("t", { source: "a.txt" })).rejects.toMatchObject({
    code: "BAD_DATA",
    message: "a.txt has 1 tokens, but at least two are needed; give more text",
  });
  model.close();
});

test("saves and loads; rejects a vocabulary of another size", async () => {
  const { network, subwords, config } = createSubwordNetwork();
  const folder = join(temporaryDirectory(), "model");
  const model = { network, tokens: subwords, config };
  await languageModels.save(model, folder);
  const [before, after] = [new LanguageModel(model), await loadLanguageModel({ model: folder })];
  const [a, b] = [await before.evaluate(line), await after.evaluate(line)];
  expect(b.natsPerToken).toBeCloseTo(a.natsPerToken, 2);
  before.close();
  after.close();
  const unlike = { ...subwords.toJSON(), tokens: ["a", "b"] };
  writeFileSync(join(folder, "vocabulary.json"), JSON.stringify(unlike));
  await expect(loadLanguageModel({ model: folder })).rejects.toMatchObject({
    code: "BAD_WEIGHTS",
    message: expect.stringContaining("of a different shape"),
  });
});
