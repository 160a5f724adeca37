import { type Module, setParameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { attend, createScore, doublyStochasticPenalty, type ScoreName } from "../src/index.ts";

const [batch, queries, positions, querySize, memorySize, size, valueSize] = [2, 3, 5, 4, 6, 8, 7];

interface Golden {
  readonly query: number[];
  readonly memory: number[];
  readonly values: number[];
  readonly masks: Readonly<Record<string, number[]>>;
  readonly parameters: Readonly<Record<string, number[]>>;
  readonly cases: Readonly<Record<string, { context: number[]; weights: number[] }>>;
  readonly penalty: { weights: number[]; stepMask: number[]; value: number };
}

const golden = loadGolden<Golden>(new URL("./golden/attention.golden.json", import.meta.url));

useEngine();

describe.each(["dot", "additive"] as const)("%s score equals PyTorch", (name: ScoreName) => {
  test.each([
    ["none", undefined],
    ["shared", [batch, positions]],
    ["full", [batch, queries, positions]],
  ] as const)("under mask: %s", (maskName, maskShape) => {
    const score = createScore(name, { querySize, memorySize, size }, createRandom(0));
    setParameters(score, golden.parameters);
    const { context, weights } = attend(
      score,
      tf.tensor3d(golden.query, [batch, queries, querySize]),
      score.projectMemory(tf.tensor3d(golden.memory, [batch, positions, memorySize])),
      tf.tensor3d(golden.values, [batch, positions, valueSize]),
      maskShape && tf.tensor(golden.masks[maskName] ?? [], [...maskShape], "int32"),
    );
    const expected = golden.cases[`${name} ${maskName}`];
    expectClose(tf.reshape(weights, [-1]), expected?.weights ?? []);
    expectClose(tf.reshape(context, [-1]), expected?.context ?? []);
    expect(context.shape).toEqual([batch, queries, valueSize]);
  });
});

test("the doubly stochastic penalty equals PyTorch's", () => {
  const { weights, stepMask, value } = golden.penalty;
  const penalty = doublyStochasticPenalty(
    tf.tensor3d(weights, [batch, queries, positions]),
    tf.tensor2d(stepMask, [batch, queries]),
  );
  expectClose(penalty, value);
});

function setParameters(module: Module, values: Readonly<Record<string, number[]>>): void {
  for (const [name, parameter] of module.namedParameters()) {
    const value = values[name];
    if (value === undefined) throw new Error(`no golden values for ${name}`);
    setParameter(parameter, Float32Array.from(value));
  }
}
