import { expectGolden, type Golden } from "@attend/decoder-kit";
import { loadGolden, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import {
  type CaptionDecoderConfigInput,
  createTransformer,
  type TransformerConfig,
} from "../src/index.ts";
import { ImageModel } from "./support/image-model.ts";

const golden = loadGolden<Golden<TransformerConfig>[]>(
  new URL("./golden/transformer.golden.json", import.meta.url),
).map((each) => ({ ...each, name: `${each.config.norm}, ${each.config.positions}` }));

const captioning = loadGolden<Golden<Omit<CaptionDecoderConfigInput, "memorySize">>[]>(
  new URL("./golden/caption-decoder.golden.json", import.meta.url),
).map((each) => ({ ...each, name: `${each.config.norm}, ${each.config.positions}` }));

useEngine();

test.each(golden)("$name: equals PyTorch", (expected) => {
  const model = createTransformer(expected.config);
  expectGolden(model, expected);
  model.dispose();
});

test.each(captioning)("captions, $name: equals PyTorch", (expected) => {
  const model = new ImageModel(expected.config);
  expectGolden(model, expected);
  model.dispose();
});
