import { doublyStochasticPenalty } from "@attend/attention";
import {
  drawWeights,
  encoderDecoderContract,
  expectLearning,
  makeSource,
} from "@attend/decoder-kit";
import { expand, forward } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { type CaptionDecoderConfigInput, createCaptionDecoder } from "../src/index.ts";
import { GridPositions } from "../src/positions.ts";
import { ImageModel } from "./support/image-model.ts";

useEngine();

type Config = Omit<CaptionDecoderConfigInput, "memorySize">;

const sizes = {
  vocabularySize: 13,
  size: 8,
  heads: 2,
  feedForwardSize: 12,
  decoderLayers: 2,
  maxPositions: 24,
  dropout: 0,
  attentionDropout: 0,
};

function makeModel(config: Partial<Config> = {}): ImageModel {
  const model = new ImageModel({ ...sizes, ...config });
  drawWeights(model);
  return model;
}

/** Configurations whose steps are computed differently. */
describe.each([
  { norm: "pre", positions: "sinusoidal", encoderLayers: 1, objectWords: 3 },
  { norm: "post", positions: "learned", encoderLayers: 0, objectWords: 0 },
  { norm: "pre", positions: "rotary", encoderLayers: 2, objectWords: 0 },
] as const)("$norm, $positions, $encoderLayers encoder layers", (variant) => {
  // Not relu, whose central differences are wrong around 0.
  const small = { size: 4, feedForwardSize: 3, decoderLayers: 1, activation: "gelu" } as const;
  const dropped = { dropout: 0.3, attentionDropout: 0.3, memoryDropout: 0.3 };
  encoderDecoderContract({
    make: () => makeModel(variant),
    makeSmall: () => makeModel({ ...variant, ...small }),
    makeDropout: () => makeModel({ ...variant, ...dropped }),
  });
});

test("memorizes ten captions", () => {
  expectLearning(() => new ImageModel({ ...sizes, size: 32, heads: 4 }, createRandom(2)));
});

test("the rows of one image share what was computed of it", () => {
  const model = makeModel({ objectWords: 3 });
  const start = model.start(model.encode(makeSource([5, 3])));
  const both = expand(model, start, 2);
  expect(both.layers).toEqual(start.layers);
  expect(both.objects).toBe(start.objects);
  const words = tf.tensor1d([4, 4, 4, 4], "int32");
  const swapped = model.reorder(start, tf.tensor1d([1, 1, 0, 0], "int32"));
  const order = tf.tensor1d([2, 3, 0, 1], "int32");
  const { logits, attention } = model.step(words, both);
  const other = model.step(words, swapped);
  expectClose(other.logits, tf.gather(logits, order));
  expectClose(other.attention ?? 0, tf.gather(attention ?? order, order));
  expect(() => expectClose(other.logits, logits)).toThrow("not close");
  model.dispose();
});

test("the attention is that of the last layer, and has a gradient, so that it can be penalized", () => {
  const model = makeModel({ size: 4, feedForwardSize: 3, activation: "gelu" });
  const penalty = () => {
    const tokens = tf.tensor2d([1, 5, 10, 1, 4, 6], [2, 3], "int32");
    const { attention } = forward(model, tokens, model.start(model.encode(makeSource([5, 3]))));
    if (attention === undefined) throw new TypeError("this decoder has attention");
    return doublyStochasticPenalty(attention, tf.ones([2, 3]));
  };
  const attending = [...model.namedParameters()].filter(([name]) =>
    /^decoder\.1\.cross\.(query|memory)\.kernel|^image\.kernel/.test(name),
  );
  expect(attending).toHaveLength(3);
  for (const [, parameter] of attending) {
    const size = tf.tidy(() => {
      const { grads } = tf.variableGrads(penalty, [parameter]);
      return tf.sum(tf.abs(grads[parameter.name] ?? 0)).dataSync()[0];
    });
    expect(size).toBeGreaterThan(1e-4);
  }
  checkVariableGradients(penalty, new Map(attending));
  model.dispose();
});

test("positions of the same row, or column, of the grid share half of their vector", () => {
  const added = new GridPositions().add(tf.zeros<tf.Rank.R3>([1, 9, 8]));
  const [rows = []] = added.arraySync();
  const halves = (position: number) => [rows[position]?.slice(0, 4), rows[position]?.slice(4)];
  expect(halves(3)[0]).toEqual(halves(5)[0]);
  expect(halves(1)[1]).toEqual(halves(7)[1]);
  expect(new Set(rows.map(String)).size).toBe(9);
  expectClose(rows[5] ?? [], [1, 2].flatMap(wavesOf));
});

/** Sines and cosines of a position in a vector of 4. */
function wavesOf(at: number): number[] {
  return [Math.sin(at), Math.sin(at / 100), Math.cos(at), Math.cos(at / 100)];
}

test.each<[object, string]>([
  [{ heads: 3 }, "heads: the heads do not divide the size"],
  [{ size: 6, heads: 2 }, "size: must be divisible by 4"],
  [{ positions: "rotary", heads: 8 }, "positions: rotary positions rotate pairs"],
  [{ hiddenSize: 3, dropout: 1 }, "dropout: too big: expected number to be <1; hiddenSize"],
])("rejects the config %j", (config, message) => {
  expect(() => createCaptionDecoder({ ...sizes, memorySize: 3, ...config })).toThrow(
    `decoder config: ${message}`,
  );
});

test("rejects more object words than words, and images that do not match", () => {
  expect(() => makeModel({ objectWords: 14 })).toThrow("14 objectWords do not fit");
  const model = makeModel({ objectWords: 3 });
  const { objects, ...image } = model.encode(makeSource([3]));
  expect(() => model.start(image)).toThrow("the encoding has 0 objects, the decoder expects 3");
  const other = { map: tf.zeros<tf.Rank.R3>([1, 5, 7]), pooled: tf.zeros<tf.Rank.R2>([1, 7]) };
  expect(() => model.start(other)).toThrow(
    "the encoding has 7 channels (pooled 7), the decoder expects 13",
  );
  model.dispose();
});
