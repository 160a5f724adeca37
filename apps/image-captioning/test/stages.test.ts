import { createCiderScorer } from "@attend/metrics";
import { assignWeights, readWeights } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import type { ValidationExample } from "@attend/training";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Example } from "../src/dataset.ts";
import { evaluateModel, scorePhotos } from "../src/evaluate.ts";
import { type CaptioningModel, captioners } from "../src/model.ts";
import { decoderTask, endToEndTask } from "../src/tasks/cross-entropy.ts";
import { createReward } from "../src/tasks/reward.ts";
import { selfCriticalTask } from "../src/tasks/self-critical.ts";
import { createFixture } from "./fixture.ts";
import {
  changed,
  createModel,
  decoders,
  fit,
  ids,
  imageSize,
  randomFeatures,
  stageOf,
  tokens,
} from "./support/stages.ts";

useEngine();
const { model: modelFolder, photos } = await createFixture();

const { end, unknown = -1 } = tokens.special;

test("a validation shows some of the captions that it scores", async () => {
  const model = createModel();
  const validation = ["a", "b"].map((id) => {
    return { id, file: `${id}.jpg`, captions: [{ text: "A dog runs.", line: 1 }] };
  });
  const shown: ValidationExample[] = [];
  await scorePhotos(model, validation, {
    read: randomFeatures(2),
    show: (examples) => shown.push(...examples),
  });
  expect(shown).toEqual(
    ["a", "b"].map((input) => ({ input, expected: "A dog runs.", output: expect.any(String) })),
  );
  model.network.dispose();
});

describe("the decoder's stage", () => {
  test.each(decoders)(
    "memorizes ten captions, which the model then outputs: $name",
    {
      timeout: 120_000,
    },
    async ({ ofSize, firstLoss }) => {
      const model = createModel({ decoder: ofSize(32) });
      const captions = [
        "a dog runs",
        "the cat sits",
        "a man",
        "the red ball",
        "a girl runs the dog",
        "a blue ball sits",
        "the man sits",
        "girl runs",
        "cat cat cat",
        "a red dog",
      ];
      const examples = captions.map((text, i) => ({ file: `${i}.jpg`, captions: [ids(text)] }));
      const read = randomFeatures(examples.length);
      const stage = stageOf("decoder", { photosPerBatch: 5, labelSmoothing: 0 });
      const task = decoderTask(model, examples, read, stage, 20);
      const steps = await fit(model.network.decoder, task, { steps: 120, learningRate: 0.01 });
      expectClose(steps[0]?.loss ?? NaN, Math.log(tokens.size), firstLoss);
      expect(steps.at(-1)?.loss).toBeLessThan(0.05);
      const references = captions.map((text) => [text.split(" ")]);
      const evaluated = await evaluateModel(model, read, references);
      expect(evaluated.captions).toEqual(references.flat());
      expectClose(evaluated.scores.bleu[0], 1);
      model.network.dispose();
    },
  );

  test("trains on all captions of a photo, truncated to the maximum length", async () => {
    const model = createModel();
    const examples = [
      { file: "0", captions: [ids("a dog"), ids("the red dog runs")] },
      { file: "1", captions: [ids("cat")] },
    ];
    const read = randomFeatures(2);
    const task = decoderTask(model, examples, read, stageOf("decoder"), 3);
    await expectNoLeak(async () => {
      const batch = await task.load([1, 0], createRandom(1));
      expect(batch.photos.shape).toEqual([2, 3, 1280]);
      expect([...batch.captions.photos.dataSync()]).toEqual([0, 1, 1]);
      const targets = [...ids("cat"), end, ...ids("a dog"), end, ...ids("the red dog")];
      expect([...batch.captions.targets.dataSync()]).toEqual(targets);
      task.release(batch);
    });
    model.network.dispose();
  });
});

describe("the self-critical stage", () => {
  const examples: Example[] = ["the dog", "a cat runs", "red ball", "blue girl sits"].map(
    (text, i) => ({ file: `${i}`, captions: [ids(text), ids(text)] }),
  );
  const stage = stageOf("self-critical", { photosPerBatch: 4, samples: 8 });

  test("compares each sample with the others of its photo, so that advantages sum to 0", async () => {
    const model = createModel({ maxLength: 4 });
    const task = selfCriticalTask(model, examples, randomFeatures(4), stage);
    const scorer = createCiderScorer<number>(
      examples.map(({ captions }) => captions.map((caption) => [...caption, end])),
    );
    await expectNoLeak(async () => {
      const plan = [2, 0, 3];
      const loaded = await task.load(plan, createRandom(1));
      const batch = await task.prepare?.(loaded, createRandom(5));
      const { captions, reward } = batch ?? {};
      if (batch === undefined || captions === undefined) throw new Error("not prepared");
      const { lengths } = captions;
      expect(lengths).toHaveLength(plan.length * stage.samples);
      const [targets, weights] = [
        [...captions.targets.dataSync()],
        [...(captions.weights?.dataSync() ?? [])],
      ];
      const rewards: number[][] = plan.map(() => []);
      const advantages: number[][] = plan.map(() => []);
      let at = 0;
      for (const [row, length] of lengths.entries()) {
        const photo = Math.floor(row / stage.samples);
        const rowWeights = weights.slice(at, at + length).map((weight) => weight * targets.length);
        for (const each of rowWeights) expectClose(each, rowWeights[0] ?? NaN);
        advantages[photo]?.push(rowWeights[0] ?? NaN);
        rewards[photo]?.push(scorer.score(plan[photo] ?? -1, targets.slice(at, at + length)));
        at += length;
      }
      for (const [photo, photoRewards] of rewards.entries()) {
        const total = photoRewards.reduce((sum, each) => sum + each, 0);
        const expected = photoRewards.map((each) => each - (total - each) / (stage.samples - 1));
        expectClose(advantages[photo] ?? [], expected, 1e-4);
        expectClose(
          (advantages[photo] ?? []).reduce((sum, each) => sum + each, 0),
          0,
          1e-4,
        );
      }
      expect(advantages.flat().some((advantage) => Math.abs(advantage) > 0.01)).toBe(true);
      const all = rewards.flat();
      const mean = all.reduce((sum, each) => sum + each, 0) / all.length;
      expectClose(reward?.dataSync()[0] ?? NaN, mean, 1e-4);
      const { value, grads } = tf.variableGrads(
        () => task.loss(batch, createRandom(1)).loss,
        model.network.decoder.parameters(),
      );
      tf.dispose([value, grads]);
      task.release(batch);
    });
    model.network.dispose();
  });

  test("rewards word order and takes off for repeated content words, by their weights", () => {
    const { tokens, network } = createModel({ maxLength: 4 });
    const rewardOf = (weights: object, text: string, example = 0) => {
      const { reward } = stageOf("self-critical", { reward: { ciderD: 0, ...weights } });
      return createReward(examples, tokens, reward)(example, ids(text), true);
    };
    expect(rewardOf({}, "the dog")).toBe(0);
    const bleu4 = (text: string) => rewardOf({ bleu4: 0.5 }, text, 3);
    expectClose(bleu4("blue girl sits"), 0.5);
    expect(bleu4("sits girl blue")).toBeLessThan(0.25);
    expectClose(rewardOf({ repetition: 0.3 }, "the dog dog the dog"), -0.6);
    const cider = createCiderScorer<number>(
      examples.map(({ captions }) => captions.map((caption) => [...caption, end])),
    );
    expectClose(
      rewardOf({ ciderD: 2, repetition: 1 }, "the dog dog"),
      2 * cider.score(0, [...ids("the dog dog"), end]) - 1,
    );
    network.dispose();
  });

  test("adds one of the photo's own captions, if all of its words are known", async () => {
    const model = createModel({ maxLength: 4 });
    const mixedExamples = [
      { file: "0", captions: [ids("the dog"), [unknown, ...ids("dog")]] },
      { file: "1", captions: [[unknown]] },
      { file: "2", captions: [ids("red ball")] },
    ];
    const mixed = stageOf("self-critical", { samples: 3, crossEntropy: 0.5 });
    const task = selfCriticalTask(model, mixedExamples, randomFeatures(3), mixed);
    for (let seed = 0; seed < 5; seed++) {
      const batch = await task.prepare?.(
        await task.load([0, 1, 2], createRandom(seed)),
        createRandom(seed),
      );
      if (batch?.captions === undefined) throw new Error("not prepared");
      const { captions } = batch;
      expect([...captions.photos.dataSync()]).toEqual([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2]);
      const inputs = captions.inputs.arraySync() as number[][];
      expect(inputs[3]?.slice(1, 3)).toEqual(ids("the dog"));
      expect(inputs[10]?.slice(1, 3)).toEqual(ids("red ball"));
      // It has the weight of three samples, times 0.5.
      expectClose((captions.weights?.dataSync().at(-1) ?? NaN) * captions.targets.size, 1.5);
      task.release(batch);
    }
    model.network.dispose();
  });

  test.each(decoders)("raises the reward: $name", { timeout: 600_000 }, async ({ ofSize }) => {
    const model = createModel({ maxLength: 4, decoder: ofSize(16) });
    const task = selfCriticalTask(model, examples, randomFeatures(4), stage);
    const rewards = (await fit(model.network.decoder, task, { steps: 40, learningRate: 0.01 })).map(
      ({ metrics }) => metrics["reward"] ?? NaN,
    );
    const mean = (part: readonly number[]) => part.reduce((a, b) => a + b, 0) / part.length;
    expect(mean(rewards.slice(-5))).toBeGreaterThan(2 * mean(rewards.slice(0, 5)));
    model.network.dispose();
  });
});

describe.each(decoders)("the end-to-end stage: $name", { timeout: 600_000 }, ({ ofSize }) => {
  let model: CaptioningModel;
  beforeAll(async () => {
    const source = await captioners.load(modelFolder);
    model = createModel({ decoder: ofSize(16) });
    assignWeights(model.network.encoder, readWeights(source.network.encoder), modelFolder);
    source.network.dispose();
  });
  afterAll(() => model.network.dispose());
  const examples = photos.map((file) => ({ file, captions: [ids("a dog runs")] }));

  test("reads photos of the right size, randomly mirrored and cropped", async () => {
    const task = endToEndTask(model, examples, stageOf("end-to-end"), 20);
    await expectNoLeak(async () => {
      const variants = new Set<string>();
      for (const seed of [1, 2, 3]) {
        const batch = await task.load([2, 0], createRandom(seed));
        expect(batch.photos.shape).toEqual([2, imageSize, imageSize, 3]);
        const values = batch.photos.dataSync();
        expect(values.every((value) => Math.abs(value) <= 1)).toBe(true);
        variants.add(values.slice(0, 3000).join());
        task.release(batch);
        const again = await task.load([2, 0], createRandom(seed));
        expect(again.photos.dataSync()).toEqual(values);
        task.release(again);
      }
      expect(variants.size).toBe(3);
    });
  });

  test("trains decoder and encoder, except for the blocks before `trainableFrom`", async () => {
    const before = readWeights(model.network);
    const stage = stageOf("end-to-end", { photosPerBatch: 2, trainableFrom: 14 });
    const task = endToEndTask(model, examples, stage, 20);
    await fit(model.network, task, { steps: 2, learningRate: 1e-3 });
    const moved = changed(model.network, before);
    const blocks = moved.flatMap((name) => /^encoder\.blocks\.(\d+)\./.exec(name)?.[1] ?? []);
    expect([...new Set(blocks)].toSorted()).toEqual(["14", "15"]);
    expect(moved.filter((name) => name.startsWith("encoder.stem"))).toEqual([]);
    expect(moved).toContain("encoder.head.kernel");
    expect(moved).toContain("encoder.blocks.14.depthwise.kernel");
    expect(moved).toContain("decoder.embedding.table");
    // Batch norm keeps its statistics.
    expect(moved.filter((name) => /\.(mean|variance)$/.test(name))).toEqual([]);
  });

  test("trains the entire encoder if nothing is frozen, and leaks no tensor", async () => {
    const before = readWeights(model.network);
    const stage = stageOf("end-to-end", { photosPerBatch: 3 });
    const task = endToEndTask(model, examples, stage, 20);
    await expectNoLeak(() => fit(model.network, task, { steps: 1, learningRate: 1e-3 }));
    const names = changed(model.network, before);
    for (const part of ["stem", "blocks.0", "blocks.7", "head"]) {
      expect(names.filter((name) => name.startsWith(`encoder.${part}.`))).not.toEqual([]);
    }
  });
});
