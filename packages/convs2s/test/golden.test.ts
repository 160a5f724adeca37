import { expectGolden, type Golden } from "@attend/decoder-kit";
import { loadGolden, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import { type ConvS2SConfig, createConvS2S } from "../src/index.ts";

const golden = loadGolden<Golden<ConvS2SConfig>>(
  new URL("./golden/convs2s.golden.json", import.meta.url),
);

useEngine();

test("logits, attention and gradients equal PyTorch's", () => {
  const model = createConvS2S(golden.config);
  expectGolden(model, golden);
  model.dispose();
});
