import { setParameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import {
  coverageLoss,
  createRecurrentAttention,
  lengthMask,
  maskLogits,
  type RecurrentAttentionConfig,
} from "../src/index.ts";
import { expectedAlignments } from "../src/recurrent/monotonic-alignment.ts";

const [rows, queries, positions, size, valueSize] = [2, 4, 6, 5, 3];

interface Golden {
  readonly queries: number[];
  readonly memory: number[];
  readonly values: number[];
  readonly lengths: number[];
  readonly parameters: Readonly<Record<string, number[]>>;
  readonly cases: Readonly<Record<string, { context: number[]; weights: number[] }>>;
  readonly coverageLoss: { stepMask: number[]; value: number };
}

const golden = loadGolden<Golden>(
  new URL("./golden/recurrent-attention.golden.json", import.meta.url),
);
const configs: Readonly<Record<string, RecurrentAttentionConfig>> = {
  dot: { score: "dot" },
  "plain-dot": { score: "plain-dot" },
  general: { score: "general" },
  additive: { score: "additive" },
  "local-m": { score: "additive", scope: "local-m", window: 2 },
  "local-p": { score: "additive", scope: "local-p", window: 2 },
  coverage: { score: "additive", coverage: true },
  "monotonic, hard": { score: "additive", scope: "monotonic" },
};

useEngine();

test.each(Object.entries(configs))("%s equals PyTorch", (name, config) => {
  const sizes = { querySize: size, memorySize: size, size };
  const attention = createRecurrentAttention(config, sizes, createRandom(0));
  for (const [path, parameter] of attention.namedParameters()) {
    setParameter(parameter, Float32Array.from(golden.parameters[path] ?? []));
  }
  const { context, weights } = attention.forward(
    tf.tensor3d(golden.queries, [rows, queries, size]),
    {
      keys: attention.score.projectMemory(tf.tensor3d(golden.memory, [rows, positions, size])),
      values: tf.tensor3d(golden.values, [rows, positions, valueSize]),
      mask: lengthMask(golden.lengths, positions),
    },
    attention.start(rows, positions),
  );
  expectClose(tf.reshape(weights, [-1]), golden.cases[name]?.weights ?? []);
  expectClose(tf.reshape(context, [-1]), golden.cases[name]?.context ?? []);
  expect(context.shape).toEqual([rows, queries, valueSize]);
});

test("the expectation of monotonic attention equals PyTorch's, position by position", () => {
  const sizes = { querySize: size, memorySize: size, size };
  const { score } = createRecurrentAttention({ score: "additive" }, sizes, createRandom(0));
  for (const [path, parameter] of score.namedParameters()) {
    setParameter(parameter, Float32Array.from(golden.parameters[`score.${path}`] ?? []));
  }
  const memory = tf.tensor3d(golden.memory, [rows, positions, size]);
  const query = tf.tensor3d(golden.queries, [rows, queries, size]);
  const scores = score.logits(query, score.projectMemory(memory));
  const mask = lengthMask(golden.lengths, positions);
  const energies = maskLogits(tf.add(scores, golden.parameters["offset"]?.[0] ?? 0), mask);
  const first = tf.oneHot(tf.zeros([rows, 1], "int32"), positions, 1, 0, "float32");
  const weights = expectedAlignments(energies, first as tf.Tensor3D);
  expectClose(tf.reshape(weights, [-1]), golden.cases["monotonic, expected"]?.weights ?? []);
});

test("the coverage loss equals PyTorch's", () => {
  const weights = golden.cases["additive"]?.weights ?? [];
  const mask = tf.tensor2d(golden.coverageLoss.stepMask, [rows, queries]);
  const loss = coverageLoss(tf.tensor3d(weights, [rows, queries, positions]), mask);
  expectClose(loss, golden.coverageLoss.value);
});
