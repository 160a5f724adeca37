import {
  drawWeights,
  encoderDecoderContract,
  expectLearning,
  makeSource,
  vocabularies,
} from "@attend/decoder-kit";
import { createRandom } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { type ConvS2SConfig, createConvS2S } from "../src/index.ts";

useEngine();

const sizes = {
  ...vocabularies,
  embeddingSize: 8,
  encoder: { layers: 2, size: 6, width: 3 },
  decoder: { layers: 2, size: 10, width: 3 },
  maxPositions: 24,
  tied: true,
  dropout: 0,
} as const satisfies ConvS2SConfig;

function makeModel(config: Partial<ConvS2SConfig>) {
  const model = createConvS2S({ ...sizes, ...config });
  drawWeights(model);
  return model;
}

describe.each([
  { tied: true, width: 3 },
  { tied: false, width: 2 },
  { tied: true, width: 5 },
])("tied: $tied, width $width", ({ tied, width }) => {
  const layers = (count: number, size: number) => ({ layers: count, size, width });
  const variant = { tied, encoder: layers(2, 6), decoder: layers(2, 10) };
  const small = { encoder: layers(1, 3), decoder: layers(1, 2), embeddingSize: 3, maxPositions: 5 };
  encoderDecoderContract({
    make: () => makeModel(variant),
    makeSmall: () => makeModel({ tied, ...small }),
    makeDropout: () => makeModel({ ...variant, dropout: 0.3 }),
  });
});

test("memorizes ten pairs", () => {
  const layers = { layers: 2, size: 32, width: 3 };
  const config = { ...sizes, embeddingSize: 32, encoder: layers, decoder: layers };
  expectLearning(() => createConvS2S(config, createRandom(2)));
});

test("reports invalid configs and sequences that are too long", () => {
  // @ts-expect-error: no such key
  expect(() => createConvS2S({ ...sizes, dropout: 1, tide: true })).toThrow(
    "ConvS2S config: dropout: too big: expected number to be <1; tide: unknown key; correct it",
  );
  const { encoder: _, ...rest } = sizes;
  // @ts-expect-error: the encoder is missing
  expect(() => createConvS2S(rest)).toThrow("encoder: expected object, but it is missing");
  const model = makeModel({ maxPositions: 4 });
  expect(() => model.encode(makeSource([5]))).toThrow(
    "5 tokens, but this model has learned 4 positions",
  );
  model.dispose();
});
