import {
  drawWeights,
  encoderDecoderContract,
  expectLearning,
  lossOf,
  makeSource,
  vocabularies,
} from "@attend/decoder-kit";
import { createRandom, tf } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createTransformer, type TransformerConfig, transformerPresets } from "../src/index.ts";

useEngine();

const sizes = {
  ...vocabularies,
  size: 8,
  heads: 2,
  feedForwardSize: 12,
  encoderLayers: 2,
  decoderLayers: 2,
  maxPositions: 24,
  dropout: 0,
};

function makeModel(config: Partial<TransformerConfig>) {
  const model = createTransformer({ ...sizes, ...config });
  drawWeights(model);
  return model;
}

/** Configurations whose steps are computed differently. */
describe.each([
  { norm: "pre", positions: "sinusoidal", tied: "all" },
  { norm: "post", positions: "learned", tied: "output" },
  { norm: "pre", positions: "rotary", tied: "none" },
] as const)("$norm, $positions, tied: $tied", (variant) => {
  // Not relu, whose central differences are wrong around 0.
  const small = {
    size: 4,
    feedForwardSize: 3,
    encoderLayers: 1,
    decoderLayers: 1,
    activation: "gelu",
  } as const;
  encoderDecoderContract({
    make: () => makeModel(variant),
    makeSmall: () => makeModel({ ...variant, ...small }),
    makeDropout: () =>
      makeModel({ ...variant, dropout: 0.3, attentionDropout: 0.3, activationDropout: 0.3 }),
  });
});

test("memorizes ten pairs", () => {
  expectLearning(() => createTransformer({ ...sizes, size: 32, heads: 4 }, createRandom(2)));
});

test("the initial loss is about ln V", () => {
  const model = createTransformer({ ...sizes, size: 32, feedForwardSize: 32 }, createRandom(1));
  const target = tf.tensor2d([1, 5, 10, 7, 1, 4, 6, 12], [2, 4], "int32");
  const loss = lossOf(model, makeSource([5, 3]), target).dataSync()[0];
  expect(loss).toBeGreaterThan(Math.log(13) - 0.2);
  expect(loss).toBeLessThan(Math.log(13) + 1.5);
  model.dispose();
});

test("presets", () => {
  const count = (preset: keyof typeof transformerPresets) => {
    const vocabulary = { sourceVocabularySize: 10_000, targetVocabularySize: 10_000 };
    const model = createTransformer({ ...vocabulary, ...transformerPresets[preset] });
    const parameters = model.parameterCount();
    model.dispose();
    return parameters;
  };
  // Tables: 10,000 x 128; each layer: 4 x 128^2 + 2 x 128 x 256, twice the attention in decoder layers.
  expect(count("tiny")).toBeGreaterThan(2.6e6);
  expect(count("tiny")).toBeLessThan(2.7e6);
  expect(count("small")).toBeGreaterThan(count("tiny"));
  expect(count("base")).toBeGreaterThan(count("small"));
});

test.each<[Partial<TransformerConfig>, string]>([
  [{ heads: 3 }, "heads: the heads do not divide the size"],
  [
    { targetVocabularySize: 12 },
    'tied: "all" requires a vocabulary for both languages; or use "output"',
  ],
  [{ positions: "rotary", heads: 8 }, "positions: rotary positions rotate pairs"],
  [{ size: 0, dropout: 1 }, "size: too small: expected number to be >0; dropout: too big"],
])("rejects the config %j", (config, message) => {
  expect(() => createTransformer({ ...sizes, ...config })).toThrow(
    `Transformer config: ${message}`,
  );
});

test("rejects a config of the wrong type", () => {
  // @ts-expect-error: no such norm, no such key
  expect(() => createTransformer({ ...sizes, norm: "none", layers: 2 })).toThrow(
    'norm: expected one of "pre"|"post"; layers: unknown key',
  );
});

test("learned positions limit the length", () => {
  const model = makeModel({ positions: "learned", maxPositions: 4 });
  expect(() => model.encode(makeSource([5]))).toThrow(
    "5 tokens, but this model has learned 4 positions",
  );
  model.dispose();
});
