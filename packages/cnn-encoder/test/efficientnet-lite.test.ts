import { createRandom, tf } from "@attend/runtime";
import {
  describeWithData,
  expectClose,
  expectNoLeak,
  loadGolden,
  useEngine,
} from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { fromPytorch } from "../src/efficientnet-lite/from-pytorch.ts";
import {
  createEfficientNetLite,
  type EfficientNetLite,
  loadPytorchEfficientNetLite,
} from "../src/index.ts";

useEngine();

interface Golden {
  readonly features_mean: number;
  readonly features_first8_at_0_0: number[];
  readonly logits_first8: number[];
  readonly logits_argmax: number;
  readonly logits_max: number;
}

const golden = loadGolden<Golden>(new URL("./golden/lite0.golden.json", import.meta.url));

describeWithData("Lite0", ["../models/efficientnet-lite0/model.safetensors"], (path) => {
  test.each(["unfolded", "folded"])("%s equals PyTorch's golden values", async (form) => {
    const options = { variant: 0, classifier: true, folded: form === "folded" } as const;
    const network = await loadPytorchEfficientNetLite(path, options);
    const wave = Float32Array.from({ length: 224 * 224 * 3 }, (_, i) => Math.sin(0.01 * i));
    tf.tidy(() => {
      const images = tf.tensor4d(wave, [1, 224, 224, 3]);
      const { map, pooled } = network.encode(images);
      expect(map.shape).toEqual([1, 49, 1280]);
      expectClose(tf.mean(map), golden.features_mean, 1e-3);
      expectClose(tf.mean(pooled), golden.features_mean, 1e-3);
      const corner = tf.reshape(tf.slice(map, [0, 0, 0], [1, 1, 8]), [8]);
      expectClose(corner, golden.features_first8_at_0_0, 1e-3);
      const logits = tf.reshape(network.classify(images), [1000]);
      expectClose(tf.slice(logits, 0, 8), golden.logits_first8, 1e-3);
      expect(tf.argMax(logits).dataSync()[0]).toBe(golden.logits_argmax);
      expectClose(tf.max(logits), golden.logits_max, 1e-3);
    });
    network.dispose();
  });

  test("rejects the weights of another variant, naming and counting the tensors", async () => {
    const load = loadPytorchEfficientNetLite(path, { variant: 2 });
    await expect(load).rejects.toMatchObject({ code: "BAD_WEIGHTS" });
    await expect(load).rejects.toThrow(/\d+ missing \(blocks\.\d+\.\S+, .* and \d+ more\)/);
  });
});

describe("the published sizes", () => {
  test.each([
    [0, 16, 4_652_008, 224],
    [1, 21, 5_416_680, 240],
    [2, 21, 6_092_072, 260],
  ] as const)("Lite%d", (variant, blocks, parameters, imageSize) => {
    const network = createEfficientNetLite({ variant, classifier: true });
    expect(network.blocks).toHaveLength(blocks);
    const trainable = [...network.trainableParameters().values()];
    expect(trainable.reduce((sum, { size }) => sum + size, 0)).toBe(parameters);
    expect(network.imageSize).toBe(imageSize);
    network.dispose();
  });
});

describe("folding", () => {
  test("gives the same outputs without batch norm and leaks no tensors", async () => {
    const network = createEfficientNetLite({ variant: 0, classifier: true }, createRandom(1));
    randomStatistics(network);
    const images = tf.randomNormal<tf.Rank.R4>([1, 64, 64, 3], 0, 1, "float32", 2);
    await expectNoLeak(() => {
      const folded = network.fold();
      expect([...folded.namedParameters().keys()].some((name) => name.includes("norm"))).toBe(
        false,
      );
      tf.tidy(() => {
        expectClose(folded.encode(images).map, network.encode(images).map, 1e-3);
        expectClose(folded.classify(images), network.classify(images), 1e-3);
        expect(() => folded.encode(images, { batchStatistics: true })).toThrow(/no batch norm/);
      });
      folded.dispose();
    });
    images.dispose();
    network.dispose();
  });
});

test("reports a missing classifier and an unknown variant", () => {
  const network = createEfficientNetLite({ variant: 0 });
  const images = tf.zeros<tf.Rank.R4>([1, 32, 32, 3]);
  expect(() => network.classify(images)).toThrow(/create it with classifier: true/);
  images.dispose();
  network.dispose();
  // @ts-expect-error: no such variant
  expect(() => createEfficientNetLite({ variant: 7 })).toThrow(/EfficientNet-Lite: variant/);
});

test("converts PyTorch's names and layouts", () => {
  const data = Float32Array.from({ length: 12 }, (_, i) => i);
  const converted = fromPytorch(
    new Map([
      ["_blocks.3._project_conv.weight", { shape: [2, 3, 1, 2], data }],
      ["_blocks.3._depthwise_conv.weight", { shape: [3, 1, 2, 2], data }],
      ["_fc.weight", { shape: [3, 4], data }],
      ["_bn1.num_batches_tracked", { shape: [], data: new Float32Array(1) }],
      ["_conv_head.bias", { shape: [12], data }],
    ]),
    true,
  );
  expect(Object.fromEntries(converted)).toEqual({
    "blocks.3.project.kernel": {
      shape: [1, 2, 3, 2],
      data: Float32Array.of(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11),
    },
    "blocks.3.depthwise.kernel": {
      shape: [2, 2, 3, 1],
      data: Float32Array.of(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11),
    },
    "classifier.kernel": {
      shape: [4, 3],
      data: Float32Array.of(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11),
    },
    "_conv_head.bias": { shape: [12], data }, // unknown: kept for the error
  });
});

/** Gives every batch norm random statistics and weights. */
function randomStatistics(network: EfficientNetLite): void {
  const random = createRandom(9);
  for (const [name, parameter] of network.namedParameters()) {
    if (!name.includes(".norm.")) continue;
    const values = Float32Array.from({ length: parameter.size }, () => 0.5 + random.uniform());
    tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape)));
  }
}
