import { createRandom, tf } from "@attend/runtime";
import {
  checkGradient,
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  useEngine,
} from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  createRecurrentAttention,
  lengthMask,
  MonotonicAttention,
  type RecurrentAttention,
  type RecurrentAttentionConfig,
  type RecurrentAttentionState,
} from "../src/index.ts";
import { expectedAlignments } from "../src/recurrent/monotonic-alignment.ts";

useEngine();

const [rows, queries, positions, size] = [3, 4, 5, 4];
const lengths = [5, 2, 3];
const configs: Readonly<Record<string, RecurrentAttentionConfig>> = {
  "global, dot": { score: "dot" },
  "global, additive": { score: "additive" },
  "local-m": { score: "general", scope: "local-m", window: 1 },
  "local-p": { score: "plain-dot", scope: "local-p", window: 2 },
  monotonic: { score: "additive", scope: "monotonic" },
  coverage: { score: "concat", coverage: true },
};

function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  const random = createRandom(seed);
  const length = tf.util.sizeFromShape(shape);
  return tf.tensor<R>(Float32Array.from({ length }, random.normal), shape);
}

function make(config: RecurrentAttentionConfig): RecurrentAttention {
  const sizes = { querySize: size, memorySize: size, size: size + 1 };
  const attention = createRecurrentAttention(config, sizes, createRandom(3));
  // Makes some queries stop.
  if (attention instanceof MonotonicAttention) attention.offset.assign(tf.tensor1d([0.2]));
  return attention;
}

function memoryFor(attention: RecurrentAttention, values = normal<tf.Rank.R3>([3, 5, size], 2)) {
  const mask = lengthMask(lengths, positions);
  return { keys: attention.score.projectMemory(values), values, mask };
}

const makeQueries = () => normal<tf.Rank.R3>([rows, queries, size], 1);

describe.each(Object.entries(configs))("%s", (name, config) => {
  test("single steps, and parts of a sequence, equal all queries at once", () => {
    const attention = make(config);
    const memory = memoryFor(attention);
    const all = attention.forward(makeQueries(), memory, attention.start(rows, positions));
    let state = attention.start(rows, positions);
    (tf.unstack(makeQueries(), 1) as tf.Tensor2D[]).forEach((query, t) => {
      const one = attention.step(query, memory, state);
      expectClose(one.weights, tf.squeeze(tf.slice(all.weights, [0, t, 0], [-1, 1, -1]), [1]));
      expectClose(one.context, tf.squeeze(tf.slice(all.context, [0, t, 0], [-1, 1, -1]), [1]));
      state = one.state;
    });
    const [first, rest] = tf.split(makeQueries(), [1, 3], 1) as [tf.Tensor3D, tf.Tensor3D];
    const start = attention.start(rows, positions);
    const cut = attention.forward(first, memory, start).state;
    const after = attention.forward(rest, memory, cut);
    expectClose(after.weights, tf.slice(all.weights, [0, 1, 0]));
  });

  test("masked positions get no weight and are ignored", () => {
    const attention = make(config);
    const memory = memoryFor(attention);
    const { weights } = attention.forward(makeQueries(), memory, attention.start(rows, positions));
    const noise = tf.mul(tf.expandDims(tf.sub(1, memory.mask), 2), 7);
    const disturbed = memoryFor(attention, tf.add(memory.values, noise));
    const again = attention.forward(
      makeQueries(),
      disturbed,
      attention.start(rows, positions),
    ).weights;
    expectClose(again, weights, 1e-6);
    const excluded = tf.mul(weights, tf.expandDims(tf.sub(1, memory.mask), 1));
    expectClose(excluded, tf.zerosLike(excluded), 0);
    const sums = tf.sum(weights, 2);
    if (config.scope === "local-p" || config.scope === "monotonic") {
      expect(tf.max(sums).dataSync()[0]).toBeLessThan(1 + 1e-5);
    } else expectClose(sums, tf.ones([rows, queries]));
  });

  test("shared memories equal a memory per row", () => {
    const attention = make(config);
    const memory = memoryFor(attention);
    const memoryIndices = tf.tensor1d([2, 2, 0, 1], "int32");
    const query = normal<tf.Rank.R2>([4, size], 5);
    const pick = <T extends tf.Tensor>(tensor: T): T => tf.gather(tensor, memoryIndices);
    const perRow = {
      keys: pick(memory.keys),
      values: pick(memory.values),
      mask: pick(memory.mask),
    };
    const start = attention.start(4, positions);
    const alone = attention.step(query, perRow, start);
    const shared = attention.step(query, { ...memory, memoryIndices }, start);
    expectClose(shared.context, alone.context);
    expectClose(shared.weights, alone.weights);
    const both = attention.forward(tf.expandDims(query, 1), { ...memory, memoryIndices }, start);
    expectClose(tf.squeeze(both.context, [1]), alone.context);
  });

  test("gradients agree with central differences, and no tensors leak", async () => {
    const attention = make(config);
    const run = (query: tf.Tensor, values: tf.Tensor) =>
      attention.forward(
        query as tf.Tensor3D,
        memoryFor(attention, values as tf.Tensor3D),
        attention.start(rows, positions),
      ).context;
    const loss = () => tf.sum(tf.square(run(makeQueries(), normal<tf.Rank.R3>([3, 5, size], 2))));
    if (name !== "monotonic") {
      checkGradient(run, [
        [rows, queries, size],
        [rows, positions, size],
      ]);
      checkVariableGradients(loss, attention.namedParameters());
    }
    await expectNoLeak(() => {
      const random = createRandom(1);
      const kept = tf.tidy(() => {
        const start: RecurrentAttentionState = attention.start(rows, positions);
        return { ...attention.forward(makeQueries(), memoryFor(attention), start, { random }) };
      });
      tf.dispose([kept.context, kept.weights, { ...kept.state }]);
    });
  });
});

describe("monotonic attention", () => {
  test("the gradient of the expectation agrees with central differences", () => {
    const first = tf.tensor3d([1, 0, 0, 0.2, 0.5, 0], [2, 1, 3]);
    const run = (energies: tf.Tensor, before: tf.Tensor) =>
      expectedAlignments(energies as tf.Tensor3D, before as tf.Tensor3D);
    checkGradient(run, [[2, 4, 3], first]);
  });

  test("extreme probabilities, with which cumulative products vanish, stay finite", () => {
    const energies = tf.tensor3d([30, 80, -80, 90, -90, 40, 1000, -1000], [1, 2, 4]);
    const first = tf.tensor3d([1, 0, 0, 0], [1, 1, 4]);
    const of = (e: tf.Tensor) => expectedAlignments(e as tf.Tensor3D, first);
    expectClose(of(energies), [
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
      ],
    ]);
    const [gradient] = tf.grads(of)([energies]);
    expect([...(gradient?.dataSync() ?? [])].every(Number.isFinite)).toBe(true);
  });

  test("is soft and noisy with random, with a gradient of every parameter; hard without", () => {
    const attention = make({ score: "additive", scope: "monotonic" });
    const run = (seed?: number) => {
      const options = seed === undefined ? {} : { random: createRandom(seed) };
      const start = attention.start(rows, positions);
      return attention.forward(makeQueries(), memoryFor(attention), start, options);
    };
    expectClose(run(1).weights, run(1).weights, 0);
    expect(() => expectClose(run(1).weights, run(2).weights)).toThrow("not close");
    expect(new Set(run().weights.dataSync())).toEqual(new Set([0, 1]));
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(run(1).context)) as tf.Scalar);
    for (const [path, parameter] of attention.namedParameters()) {
      const gradient = grads[parameter.name];
      expect(tf.sum(tf.abs(gradient ?? 0)).dataSync()[0], path).toBeGreaterThan(0);
    }
  });
});

describe("errors", () => {
  test("an invalid window", () => {
    for (const window of [0, 1.5]) {
      expect(() => make({ score: "general", scope: "local-m", window })).toThrow(
        `the attention window is ${window}; expected a positive integer`,
      );
    }
  });

  test("coverage with another score or scope", () => {
    expect(() => make({ score: "general", coverage: true })).toThrow(
      'coverage with the score "general" and the scope "global"; it needs "additive" and "global"',
    );
    expect(() => make({ score: "additive", scope: "monotonic", coverage: true })).toThrow(
      "it needs",
    );
  });
});
