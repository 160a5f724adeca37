import { type EncodedImage, forward } from "@attend/decoding";
import { type AttentionDecoder, createAttentionDecoder } from "@attend/rnn-decoder";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { Words } from "@attend/text";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BatchedCaption, batchCaptions, captionLoss } from "../src/tasks/captions.ts";

const { start, end } = Words.special;

useEngine();

const plain = { labelSmoothing: 0, attentionPenalty: 0 };
const memorySize = 5;

let decoder: AttentionDecoder;
/** The encoding of three photos. */
let encoding: EncodedImage;
beforeAll(() => {
  const random = createRandom(2);
  const sizes = { embeddingSize: 4, hiddenSize: 3, attentionSize: 4, dropout: 0.5 };
  decoder = createAttentionDecoder({ ...sizes, vocabularySize: 9, memorySize }, random);
  const normal = (size: number) => Float32Array.from({ length: size }, random.normal);
  decoder.outputBias.assign(tf.tensor1d(normal(9)));
  encoding = {
    map: tf.tensor3d(normal(3 * 4 * memorySize), [3, 4, memorySize]),
    pooled: tf.tensor2d(normal(3 * memorySize), [3, memorySize]),
  };
});
afterAll(() => {
  decoder.dispose();
  tf.dispose([encoding.map, encoding.pooled]);
});

/** The value of `captionLoss`. */
function lossOf(
  captions: readonly BatchedCaption[],
  { maxSteps = 20, ...options }: { maxSteps?: number } & Partial<typeof plain> = {},
): number {
  return tf.tidy(() => {
    const batch = batchCaptions(captions, maxSteps);
    return captionLoss(decoder, encoding, batch, { ...plain, ...options }).dataSync()[0] ?? NaN;
  });
}

/** The cross-entropies of one caption's `targets`, computed from the decoder's logits. */
function crossEntropies(
  photo: number,
  targets: readonly number[],
  labelSmoothing = 0,
): { losses: number[]; attention: number[][] } {
  return tf.tidy(() => {
    const one = (tensor: tf.Tensor) => tf.slice(tensor, photo, 1);
    const state = decoder.start({
      map: one(encoding.map) as tf.Tensor3D,
      pooled: one(encoding.pooled) as tf.Tensor2D,
    });
    const inputs = tf.tensor2d([[start, ...targets.slice(0, -1)]], undefined, "int32");
    const { logits, attention } = forward(decoder, inputs, state);
    const [rows = []] = logits.arraySync();
    const losses = rows.map((row, step) => {
      const total = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
      const surprise = row.map((logit) => total - logit);
      const mean = surprise.reduce((sum, each) => sum + each) / row.length;
      return (1 - labelSmoothing) * (surprise[targets[step] ?? -1] ?? NaN) + labelSmoothing * mean;
    });
    return { losses, attention: attention?.arraySync()[0] ?? [] };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const short = { photo: 2, ids: [7] };
const long = { photo: 0, ids: [4, 8, 5, 5, 6] };

describe("the loss of captions", () => {
  test.each([0, 0.1])("is the mean cross-entropy, with label smoothing %f", (labelSmoothing) => {
    const { losses } = crossEntropies(0, [...long.ids, end], labelSmoothing);
    expect(losses).toHaveLength(6);
    expectClose(lossOf([long], { labelSmoothing }), mean(losses));
  });

  test("of different lengths and photos is the mean over their words, without padding", () => {
    const words = [long, short, { photo: 1, ids: [] }, { photo: 2, ids: [3, 3] }];
    const each = words.flatMap(({ photo, ids }) => crossEntropies(photo, [...ids, end]).losses);
    expect(each).toHaveLength(6 + 2 + 1 + 3);
    expectClose(lossOf(words), mean(each));
  });

  test("truncates long captions without an end token", () => {
    expectClose(lossOf([long], { maxSteps: 3 }), mean(crossEntropies(0, [4, 8, 5]).losses));
    // If only the words fit, there is no end token either.
    expectClose(lossOf([long], { maxSteps: 5 }), mean(crossEntropies(0, long.ids).losses));
    tf.tidy(() => {
      const targets = (maxSteps: number) => [
        ...batchCaptions([long, short], maxSteps).targets.dataSync(),
      ];
      expect(targets(3)).toEqual([4, 8, 5, 7, end]);
      expect(targets(6)).toEqual([...long.ids, end, 7, end]);
    });
  });

  test("is weighted by the captions' weights; equal weights only scale it", () => {
    const captions = [long, short];
    const total = (caption: typeof long) =>
      crossEntropies(caption.photo, [...caption.ids, end]).losses.reduce((a, b) => a + b);
    const [first, second] = captions.map(total);
    const weighted = (a: number, b: number) =>
      lossOf([
        { ...long, weight: a },
        { ...short, weight: b },
      ]);
    expectClose(weighted(3, 3), 3 * lossOf(captions));
    expectClose(weighted(2, -0.5), (2 * (first ?? NaN) - 0.5 * (second ?? NaN)) / 8);
    expect(weighted(0, 0)).toBe(0);
  });

  test("adds the doubly stochastic penalty of the attention", () => {
    const captions = [long, short];
    const squares = captions.flatMap(({ photo, ids }) => {
      const { attention } = crossEntropies(photo, [...ids, end]);
      const positions = [0, 1, 2, 3];
      return positions.map(
        (at) => (1 - attention.reduce((sum, row) => sum + (row[at] ?? NaN), 0)) ** 2,
      );
    });
    const added = lossOf(captions, { attentionPenalty: 0.7 }) - lossOf(captions);
    expectClose(added, 0.7 * mean(squares), 1e-4);
    expect(added).toBeGreaterThan(0.01);
  });
});

test("dropout needs a random generator and depends on it", () => {
  const batch = tf.tidy(() => batchCaptions([long, short], 20));
  const value = (seed?: number) =>
    tf.tidy(() => {
      const random = seed === undefined ? {} : { random: createRandom(seed) };
      return captionLoss(decoder, encoding, batch, { ...plain, ...random }).dataSync()[0] ?? NaN;
    });
  expect(value(1)).toBe(value(1));
  expect(value(1)).not.toBe(value(2));
  expect(value(1)).not.toBe(value());
  tf.dispose(batch);
});

test("the gradient matches central differences, with weights and penalty", () => {
  const captions = [
    { ...long, weight: 1.5 },
    { ...short, weight: -1 },
    { photo: 1, ids: [6, 4] },
  ];
  const batch = tf.tidy(() => batchCaptions(captions, 4));
  const options = { labelSmoothing: 0.1, attentionPenalty: 0.5 };
  const loss = () => captionLoss(decoder, encoding, batch, options);
  checkVariableGradients(loss, decoder.namedParameters());
  tf.dispose(batch);
});

test("batch, loss and gradient leak no tensor", async () => {
  await expectNoLeak(() => {
    const batch = tf.tidy(() => batchCaptions([long, short], 20));
    const options = { labelSmoothing: 0.1, attentionPenalty: 0.5, random: createRandom(1) };
    const { value, grads } = tf.variableGrads(
      () => captionLoss(decoder, encoding, batch, options),
      decoder.parameters(),
    );
    tf.dispose([value, grads, batch]);
  });
});
