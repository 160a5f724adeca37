import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, tf } from "@attend/runtime";
import {
  checkVariableGradients,
  expectNoLeak,
  temporaryDirectory,
  useEngine,
} from "@attend/test-kit";
import { describe, expect, it } from "vitest";
import { loadRepairer } from "../src/index.ts";
import { batchOf, disposeBatch } from "../src/tagger/batch.ts";
import { taggerConfigSchema } from "../src/tagger/config.ts";
import { decide } from "../src/tagger/decide.ts";
import { taggers } from "../src/tagger/model.ts";
import { maxParts, partsOf } from "../src/tagger/parts.ts";
import { tagAll } from "../src/tagger/tag.ts";
import { Vocabulary } from "../src/tagger/vocabulary.ts";
import { defaultRepairerTraining, trainRepairer } from "../src/training.ts";

useEngine();

const small = {
  language: "en",
  embeddingSize: 6,
  buckets: 50,
  units: 5,
  layers: 2,
  dropout: 0,
  window: 12,
};

function smallModel() {
  const vocabulary = new Vocabulary({
    words: ["the", "dog", "runs"],
    counts: [9, 5, 1],
    forms: { mr: "Mr." },
    names: ["tom"],
    followers: ["2 5", "", ""],
    edits: {},
  });
  return taggers.create(taggerConfigSchema.parse(small), vocabulary, createRandom(1));
}

describe("TaggerNetwork", () => {
  it("has correct gradients, and leaks nothing", async () => {
    await expectNoLeak(() => {
      const { network, tokens } = smallModel();
      const texts = [
        ["the", "dog", "runs"],
        ["xylophone", "dog"],
      ];
      const batch = batchOf(texts, { vocabulary: tokens, buckets: small.buckets });
      const random = createRandom(2);
      const [rows, weights] = [
        tf.tensor1d([0, 1, 2, 3, 4], "int32"),
        tf.tensor(Float32Array.from({ length: 40 }, random.normal), [5, 8]),
      ];
      checkVariableGradients(() => {
        const { marks, casings } = network.forward(batch);
        const both = tf.gather(tf.concat([marks, casings], 1), rows);
        return tf.sum(tf.mul(both, weights));
      }, network.namedParameters());
      tf.dispose([rows, weights]);
      disposeBatch(batch);
      network.dispose();
    });
  });

  it("says the same of a text alone and beside longer ones", () => {
    const model = smallModel();
    const [alone] = tagAll(model, [["the", "dog"]]);
    const [beside] = tagAll(model, [
      ["the", "dog"],
      ["the", "dog", "runs", "home"],
    ]);
    expect(beside?.marks.length).toBe(8);
    for (const [i, value] of (alone?.marks ?? new Float32Array()).entries()) {
      expect(beside?.marks[i]).toBeCloseTo(value, 5);
    }
    model.network.dispose();
  });
});

describe("decide", () => {
  it("reads a text of any length, and keeps the marks that are given", async () => {
    const model = smallModel();
    const words = Array.from({ length: 100 }, (_, i) => {
      return { key: "dog", allowed: i % 5 === 4 ? ("question" as const) : ("none" as const) };
    });
    const decisions = await decide(model, [...words, { key: "end", allowed: "final" }]);
    expect(decisions.length).toBe(101);
    expect(
      decisions
        .slice(0, 6)
        .map(({ mark }) => mark)
        .join(" "),
    ).toBe("none none none none question none");
    expect(["period", "question"]).toContain(decisions.at(-1)?.mark);
    model.network.dispose();
  });

  it("stops when asked to", async () => {
    const model = smallModel();
    const words = [{ key: "dog", allowed: "any" as const }];
    await expect(decide(model, words, AbortSignal.abort())).rejects.toMatchObject({
      code: "INTERRUPTED",
    });
    model.network.dispose();
  });
});

it("a word's parts are its letters in threes and fours, at most 24", () => {
  expect(partsOf("ab", 1000).length).toBe(3); // <ab, ab>, <ab>
  expect(partsOf("1984", 1000)).toEqual(partsOf("2047", 1000));
  expect(partsOf("x".repeat(60), 1000).length).toBe(maxParts);
});

describe("trainRepairer", () => {
  const sentences = ["Do you know Tom?", "We like Tom.", "Well, they run.", "Do they run?"];
  const config = () => ({
    ...defaultRepairerTraining(),
    model: taggerConfigSchema.parse({ ...small, units: 12, embeddingSize: 12 }),
    minCount: 1,
    batchSize: 8,
    training: {
      ...defaultRepairerTraining().training,
      epochs: 8,
      validateEvery: { epochs: 4 },
      optimizer: { ...defaultRepairerTraining().training.optimizer, learningRate: 0.02 },
      tensorboard: false,
    },
  });

  it("learns from text files, and its model repairs", { timeout: 600_000 }, async () => {
    const folder = temporaryDirectory();
    const [text, out] = [join(folder, "text.txt"), join(folder, "out")];
    const random = createRandom(5);
    const lines = Array.from({ length: 300 }, () => sentences[random.integer(4)]);
    await writeFile(text, `A Title\n\n${lines.join("\n")}\n`);
    const run = { config: config(), files: [text], validation: [text], out, resume: false };
    const { best } = await trainRepairer(run);
    expect(best.value).toBeGreaterThan(0.9);
    await expect(trainRepairer(run)).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
    const before = await readFile(join(out, "model/model.safetensors"));
    await trainRepairer({ ...run, resume: true });
    expect(await readFile(join(out, "model/model.safetensors"))).toEqual(before);

    const repairer = await loadRepairer({ model: out });
    const { text: repaired, sentences: found } = await repairer.repair(
      "we like tom do they run well they run do you know tom",
      { spelling: false },
    );
    expect(repaired).toBe("We like Tom. Do they run? Well, they run. Do you know Tom?");
    expect(found.length).toBe(4);
    repairer.dispose();
    await expect(repairer.repair("we run")).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
    await expect(loadRepairer({ model: out, language: "fr" })).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
    });
  });

  it("refuses texts without punctuation, and missing ones", async () => {
    const folder = temporaryDirectory();
    const text = join(folder, "text.txt");
    await writeFile(text, "no marks at all\nnone\n");
    const run = {
      config: config(),
      files: [text],
      validation: [text],
      out: join(folder, "out"),
      resume: false,
    };
    await expect(trainRepairer(run)).rejects.toMatchObject({ code: "BAD_DATA" });
    await expect(
      trainRepairer({ ...run, files: [join(folder, "none.txt")] }),
    ).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
  });
});
