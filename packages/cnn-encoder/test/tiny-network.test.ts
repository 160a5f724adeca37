import { assignWeights, type StoredTensor } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, loadGolden, useEngine } from "@attend/test-kit";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { fromPytorch } from "../src/efficientnet-lite/from-pytorch.ts";
import { freezeBefore } from "../src/index.ts";
import { Convolution } from "../src/layers/convolution.ts";
import { type Stage, TinyNetwork } from "./tiny-network.ts";

interface Values {
  readonly shape: number[];
  readonly values: number[];
}
interface Outcome {
  readonly map: number[][][];
  readonly logits: number[][];
  readonly gradients: Record<string, Values>;
}
interface Golden {
  readonly stages: Stage[];
  readonly weights: Record<string, Values>;
  readonly frozen: Outcome;
  readonly batch: Outcome & { readonly running: Record<string, number[]> };
}

useEngine();
const golden = loadGolden<Golden>(new URL("./golden/tiny.golden.json", import.meta.url));

function converted(record: Record<string, Values>): Map<string, StoredTensor> {
  const tensors = Object.entries(record).map(
    ([name, { shape, values }]) => [name, { shape, data: Float32Array.from(values) }] as const,
  );
  return fromPytorch(new Map(tensors), true);
}

const input = (): tf.Tensor4D =>
  tf.tensor4d(
    Float32Array.from({ length: 2 * 14 * 14 * 3 }, (_, i) => Math.sin(0.1 * i)),
    [2, 14, 14, 3],
  );

let network: TinyNetwork;
beforeEach(() => {
  network = new TinyNetwork(golden.stages);
  assignWeights(network, converted(golden.weights), "golden");
  return () => network.dispose();
});

describe.each([
  ["frozen statistics", false, golden.frozen],
  ["batch statistics", true, golden.batch],
] as const)("a tiny network with %s equals PyTorch", (_, batchStatistics, expected) => {
  test("outputs", () => {
    tf.tidy(() => {
      const { map, pooled } = network.encode(input(), { batchStatistics });
      expectClose(map, expected.map, 1e-4);
      expectClose(network.classifier.forward(pooled), expected.logits, 1e-4);
    });
  });

  test("gradients", () => {
    tf.tidy(() => {
      const images = input();
      const loss = () =>
        tf.mean(tf.square(network.encode(images, { batchStatistics }).map)) as tf.Scalar;
      const { grads } = tf.variableGrads(loss, network.parameters());
      const parameters = network.namedParameters();
      const gradients = converted(expected.gradients);
      expect(gradients.size).toBe(5);
      for (const [name, { shape, data }] of gradients) {
        const variable = parameters.get(name)?.name ?? "";
        expect(grads[variable]?.shape, name).toEqual(shape);
        expectClose(tf.reshape(grads[variable]!, [-1]), data, 1e-4);
      }
    });
  });
});

test("batch statistics update the running ones as in PyTorch, frozen ones do not", () => {
  const images = input();
  const names = Object.keys(golden.batch.running);
  const read = (name: string) => network.namedParameters().get(name)!;
  const ours = [...converted(asValues(golden.batch.running))];
  expect(ours).toHaveLength(names.length);
  const before = ours.map(([name]) => read(name).dataSync().slice());

  tf.tidy(() => network.encode(images));
  ours.forEach(([name], i) => {
    expect(read(name).dataSync()).toEqual(before[i]);
  });
  tf.tidy(() => network.encode(images, { batchStatistics: true }));
  for (const [name, { data }] of ours) expectClose(read(name), data);
  images.dispose();
});

test("blocks before trainableFrom give the same output and no gradient", () => {
  tf.tidy(() => {
    const images = input();
    freezeBefore(network, 2);
    expectClose(network.encode(images, { trainableFrom: 2 }).map, golden.frozen.map, 1e-4);
    const trainable = [...network.trainableParameters().keys()];
    expect(trainable.some((name) => name.startsWith("blocks.2."))).toBe(true);
    expect(trainable.filter((name) => /^(stem|blocks\.[01])\./.test(name))).toEqual([]);
    expect(trainable.filter((name) => /mean|variance/.test(name))).toEqual([]);

    const loss = () =>
      tf.mean(tf.square(network.encode(images, { trainableFrom: 2 }).map)) as tf.Scalar;
    const { grads } = tf.variableGrads(loss);
    const named = network.namedParameters();
    expect(grads[named.get("stem.kernel")!.name]).toBeUndefined();
    const head = converted(golden.frozen.gradients).get("head.kernel")!;
    expectClose(tf.reshape(grads[named.get("head.kernel")!.name]!, [-1]), head.data, 1e-4);

    freezeBefore(network, 0);
    expect(network.trainableParameters().has("stem.kernel")).toBe(true);
  });
});

test("without a gradient, only the input of a layer is in memory when it runs", () => {
  const images = input();
  const before = tf.memory().numTensors;
  const head = vi.spyOn(network.head, "forward");
  const counts: number[] = [];
  const { forward } = Convolution.prototype;
  head.mockImplementation((...args) => {
    counts.push(tf.memory().numTensors - before);
    return forward.apply(network.head, args);
  });
  tf.tidy(() => network.encode(images));
  const recorded = tf.variableGrads(() => tf.mean(network.encode(images).pooled) as tf.Scalar);
  const [inference = 0, training = 0] = counts;
  expect(training).toBeGreaterThan(inference + 3 * network.blocks.length);
  tf.dispose([recorded.value, recorded.grads, images]);
});

test("encoding and its gradient leak no tensors", async () => {
  const images = input();
  await expectNoLeak(() => {
    const { map, pooled } = network.encode(images);
    tf.dispose([map, pooled]);
  });
  for (const options of [{}, { trainableFrom: 1 }, { batchStatistics: true }]) {
    await expectNoLeak(() => {
      const { value, grads } = tf.variableGrads(
        () => tf.mean(network.encode(images, options).pooled) as tf.Scalar,
      );
      tf.dispose([value, grads]);
    });
  }
  images.dispose();
});

function asValues(record: Record<string, number[]>): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(record).map(([name, values]) => [name, { shape: [values.length], values }]),
  );
}
