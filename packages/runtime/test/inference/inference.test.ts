import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  denseProduct,
  fusedAttention,
  fusedConvolution,
  hasFusedKernels,
  isNative,
  loadEngine,
  lstmStep,
  packedWeights,
  softmaxTopK,
  takeRows,
  takeRowsOfEach,
  tf,
} from "../../src/index.ts";
import { plainLstm } from "../../src/recurrent/lstm.ts";
import {
  type ConvolutionCase,
  convolutionInputs,
  normal,
  plainAttention,
  plainConvolution,
} from "./support/operations.ts";

beforeAll(async () => {
  await loadEngine();
});

function expectClose(actual: tf.Tensor, expected: tf.Tensor, tolerance: number): void {
  expect(actual.shape).toEqual(expected.shape);
  const off = tf.div(tf.abs(tf.sub(actual, expected)), tf.maximum(tf.abs(expected), 1));
  expect(tf.max(off).dataSync()[0]).toBeLessThan(tolerance);
}

function plainGelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));
}

const upTo = (max: number) => fc.integer({ min: 1, max });
const convolution: fc.Arbitrary<ConvolutionCase> = fc.record({
  batch: upTo(3),
  height: upTo(20),
  width: upTo(20),
  channels: upTo(70),
  outChannels: upTo(140),
  size: fc.constantFrom(1, 3, 5),
  stride: fc.constantFrom(1, 2),
  depthwise: fc.boolean(),
  activation: fc.constantFrom("linear", "relu", "relu6"),
});
const runs = { numRuns: 40, seed: 5 };

describe("convolutions", () => {
  test("of any size equal TensorFlow's", () => {
    fc.assert(
      fc.property(convolution, (each) => {
        tf.tidy(() => {
          const inputs = convolutionInputs(each);
          const fused = fusedConvolution(...inputs, each);
          expect(fused === undefined).toBe(!(isNative() && hasFusedKernels()));
          if (fused !== undefined) expectClose(fused, plainConvolution(inputs, each), 1e-4);
        });
      }),
      runs,
    );
  });

  test("of the wrong shape report the expected shape", () => {
    if (!isNative() || !hasFusedKernels()) return;
    const options = { stride: 1, depthwise: false, activation: "linear" } as const;
    const run = (kernel: tf.Tensor4D, bias: tf.Tensor1D) => () =>
      fusedConvolution(tf.zeros([1, 4, 4, 3]), kernel, bias, options);
    expect(run(tf.zeros([1, 1, 2, 5]), tf.zeros([5]))).toThrow("kernel is [1, 1, 2, 5]");
    expect(run(tf.zeros([1, 1, 3, 5]), tf.zeros([4]))).toThrow("bias is [4], expected [5]");
  });
});

describe("dense products", () => {
  test("of few rows and of many", () => {
    fc.assert(
      fc.property(upTo(40), upTo(90), upTo(150), fc.boolean(), (rows, depth, columns, biased) => {
        tf.tidy(() => {
          const [x, w] = [normal<tf.Rank.R2>([rows, depth]), normal<tf.Rank.R2>([depth, columns])];
          const bias = biased ? normal<tf.Rank.R1>([columns]) : undefined;
          const expected = tf.add(tf.matMul(x, w), bias ?? 0);
          expectClose(denseProduct(x, w, { bias }), expected, 1e-4);
          const table: tf.Tensor2D = tf.transpose(w);
          expectClose(denseProduct(x, table, { bias, transposed: true }), expected, 1e-4);
        });
      }),
      runs,
    );
  });

  test("of any rank, with activations and packed weights", () => {
    const activation = fc.constantFrom("linear", "relu", "gelu", "tanh", "sigmoid");
    const shape = fc.array(upTo(5), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(shape, upTo(90), upTo(10), activation, (shape, depth, blocks, activation) => {
        tf.tidy(() => {
          const [x, w] = [normal([...shape, depth]), normal<tf.Rank.R2>([depth, 16 * blocks])];
          const bias = normal<tf.Rank.R1>([16 * blocks]);
          const sums = tf.add(tf.matMul(tf.reshape<tf.Rank.R2>(x, [-1, depth]), w), bias);
          const plain = {
            ...{ linear: sums, relu: tf.relu(sums), gelu: plainGelu(sums) },
            ...{ tanh: tf.tanh(sums), sigmoid: tf.sigmoid(sums) },
          };
          const expected = tf.reshape(plain[activation], [...shape, 16 * blocks]);
          expectClose(denseProduct(x, w, { bias, activation }), expected, 1e-4);
          const packed = packedWeights(w);
          expect(packed === undefined).toBe(!(isNative() && hasFusedKernels()));
          if (packed === undefined) return;
          expectClose(denseProduct(x, packed, { bias, activation, packed: true }), expected, 1e-4);
        });
      }),
      runs,
    );
  });

  test("gelu of some numbers", () => {
    const values = (of: number[]) => tf.tensor2d(of, [of.length, 1]);
    const x = values([-20, -2, 0, 0.5, 1, 20]);
    const expected = values([0, -0.0455002639, 0, 0.3457312307, 0.8413447461, 20]); // math.erf of Python
    expectClose(denseProduct(x, tf.ones([1, 1]), { activation: "gelu" }), expected, 1e-6);
  });

  test("packed weights have no gradient, and need 16 columns", () => {
    if (!isNative() || !hasFusedKernels()) return;
    expect(packedWeights(tf.zeros([3, 20]))).toBeUndefined();
    const w = packedWeights(tf.zeros([3, 32])) ?? tf.zeros([3, 32]);
    const sum = (x: tf.Tensor) => tf.sum(denseProduct(x, w, { packed: true }));
    expect(() => tf.grads(sum)([tf.zeros([2, 3])])).toThrow("packed weights have no gradient");
  });

  test("are differentiable if a gradient is recorded", () => {
    const [x, w] = [normal<tf.Rank.R2>([2, 3]), normal<tf.Rank.R2>([3, 4])];
    const [dx] = tf.grads((a: tf.Tensor) => tf.sum(denseProduct(a as tf.Tensor2D, w)))([x]);
    expectClose(dx as tf.Tensor, tf.matMul(tf.ones([2, 4]), w, false, true), 1e-5);
  });

  test("leak no tensors", () => {
    const [x, w] = [normal<tf.Rank.R2>([2, 3]), normal<tf.Rank.R2>([3, 4])];
    const before = tf.memory().numTensors;
    denseProduct(x, w).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("an LSTM step of few or many rows equals the composed operations", () => {
    fc.assert(
      fc.property(upTo(40), upTo(40), upTo(70), (rows, inputSize, units) => {
        tf.tidy(() => {
          const kernel = normal<tf.Rank.R2>([inputSize + units, 4 * units], 0.2);
          const weights = { kernel, bias: normal<tf.Rank.R1>([4 * units]) };
          const x = normal<tf.Rank.R2>([rows, inputSize]);
          const state = {
            h: normal<tf.Rank.R2>([rows, units]),
            c: normal<tf.Rank.R2>([rows, units]),
          };
          const composed = plainLstm(tf.expandDims(x, 1), state, weights).state;
          const step = lstmStep(x, state, weights);
          expectClose(step.h, composed.h, 1e-5);
          expectClose(step.c, composed.c, 1e-5);
        });
      }),
      runs,
    );
  });
});

test("takeRows equals tf.gather along the first axis, of either type, and refuses a row that is not there", () => {
  tf.tidy(() => {
    const rows = tf.tensor2d([[2, 0, 2]], undefined, "int32");
    const numbers = [3, 1, 2, 5, 4, 6];
    for (const type of ["float32", "int32"] as const) {
      const x = tf.tensor2d(numbers, [3, 2], type);
      const taken = takeRows(x, rows);
      expect(taken.dtype).toBe(type);
      expect(taken.arraySync()).toEqual(tf.gather(x, rows).arraySync());
    }
    const slope = tf.grad((x) => tf.sum(takeRows(x, rows)));
    expect(slope(tf.ones([3, 1])).arraySync()).toEqual([[1], [0], [2]]);
    if (isNative()) expect(() => takeRows(tf.ones([2, 1]), rows)).toThrow("not in [0, 2)");
  });
});

test("takeRowsOfEach equals tf.gather of each tensor, and refuses a row that is not there", () => {
  tf.tidy(() => {
    const rows = tf.tensor1d([2, 0, 2, 1], "int32");
    const x = normal([3, 50, 7]);
    const tensors = [tf.range(0, 3, 1, "int32"), x, normal([5, 2]), tf.zeros([3, 0]), x];
    const expectGathered = (all: readonly tf.Tensor[], of: tf.Tensor1D) => {
      const taken = takeRowsOfEach(all, of);
      expect(taken.map(({ dtype }) => dtype)).toEqual(all.map(({ dtype }) => dtype));
      all.forEach((tensor, i) => {
        expect(taken[i]?.arraySync()).toEqual(tf.gather(tensor, of).arraySync());
      });
    };
    expectGathered(tensors, rows);
    expectGathered([...tensors, tf.tensor1d([true, false, true], "bool")], rows);
    expectGathered(tensors.slice(0, 1), rows);
    expectGathered(tensors, tf.tensor1d([], "int32"));
    expectGathered([], rows);
    const slope = tf.grad((x) => tf.sum(takeRowsOfEach([x], rows)[0] as tf.Tensor));
    expect(slope(tf.ones([3, 1])).arraySync()).toEqual([[1], [1], [2]]);
    if (!isNative() || !hasFusedKernels()) return;
    expect(() => takeRowsOfEach([tf.ones([2, 1])], rows)).toThrow("row 2 of 2");
  });
});

describe("attention with one query per row", () => {
  const fused = () => isNative() && hasFusedKernels();

  test("equals the composed operations, with or without shared memories", () => {
    fc.assert(
      fc.property(
        upTo(9),
        upTo(90),
        upTo(50),
        upTo(50),
        upTo(3),
        (rows, positions, size, width, n) => {
          tf.tidy(() => {
            const queries = normal<tf.Rank.R2>([rows, size], 0.5);
            const keys = normal<tf.Rank.R3>([n, positions, size]);
            const values = normal<tf.Rank.R3>([n, positions, width]);
            const memoryIndices = tf.tensor1d(
              Array.from({ length: rows }, (_, row) => row % n),
              "int32",
            );
            const attended = fusedAttention(queries, keys, values, memoryIndices);
            expect(attended !== undefined).toBe(fused());
            if (attended === undefined) return;
            const expected = plainAttention(queries, keys, values, memoryIndices);
            expectClose(attended.context, expected.context, 1e-5);
            expectClose(attended.weights, expected.weights, 1e-5);
          });
        },
      ),
      runs,
    );
  });

  test("rejects a memory index out of range", () => {
    if (!fused()) return;
    const [memory, memoryIndices] = [tf.zeros<tf.Rank.R3>([2, 3, 4]), tf.tensor1d([2], "int32")];
    expect(() => fusedAttention(tf.zeros([1, 4]), memory, memory, memoryIndices)).toThrow(
      "memory 2 of 2",
    );
  });
});

describe("softmaxTopK", () => {
  test("returns the top of the softmax, lowest index first on ties", () => {
    fc.assert(
      fc.property(upTo(6), upTo(200), fc.nat(), (rows, columns, seed) => {
        tf.tidy(() => {
          const count = 1 + (seed % columns);
          // Few distinct values, so that many are equal.
          const logits = tf.round(tf.mul(normal<tf.Rank.R2>([rows, columns]), 2)) as tf.Tensor2D;
          const added = tf.zeros<tf.Rank.R1>([columns]);
          const { probabilities, indices } = softmaxTopK(logits, added, count);
          const expected = tf.topk(tf.softmax(logits), count);
          expectClose(probabilities, expected.values, 1e-6);
          expect(indices.dtype).toBe("int32");
          expect(indices.arraySync()).toEqual(expected.indices.arraySync());
        });
      }),
      runs,
    );
  });

  test("never returns suppressed columns", () => {
    const added = tf.tensor1d([0, -1e9, 0, 0]);
    const { probabilities, indices } = softmaxTopK(tf.tensor2d([[1, 9, 3, 2]]), added, 2);
    expect(indices.arraySync()).toEqual([[2, 3]]);
    const total = Math.exp(1) + Math.exp(3) + Math.exp(2);
    expectClose(probabilities, tf.tensor2d([[Math.exp(3) / total, Math.exp(2) / total]]), 1e-6);
  });
});
