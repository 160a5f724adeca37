import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createRandom, loadEngine, tf } from "../src/index.ts";

// The same gradients on both engines, compared to a formula that uses none of the kernels under
// test.
beforeAll(async () => {
  await loadEngine();
});

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = createRandom(7);

function normal<R extends tf.Rank>(...shape: number[]): tf.Tensor<R> {
  const values = Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal());
  return tf.tensor<R>(values, shape as tf.ShapeMap[R], "float32");
}

/** d(sum of f * weights) / dx by central differences, for a few elements of x. */
function numericGradient(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, weights: tf.Tensor) {
  const values = x.dataSync();
  const step = 1e-2;
  const loss = (index: number, shift: number) =>
    tf.tidy(() => {
      const moved = Float32Array.from(values);
      moved[index]! += shift;
      return tf.sum(tf.mul(f(tf.tensor(moved, x.shape)), weights)).dataSync()[0]!;
    });
  const stride = Math.max(1, Math.floor(values.length / 40));
  const indices = Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => i * stride);
  return indices.map((index) => ({
    index,
    slope: (loss(index, step) - loss(index, -step)) / (2 * step),
  }));
}

function expectGradient(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): void {
  tf.tidy(() => {
    const shape = tf.tidy(() => f(x).shape);
    const weights = normal(...shape);
    const gradient = tf.grad(f)(x, weights);
    expect(gradient.shape).toEqual(x.shape);
    const values = gradient.dataSync();
    for (const { index, slope } of numericGradient(f, x, weights)) {
      expect(Math.abs(values[index]! - slope)).toBeLessThan(5e-3 * (1 + Math.abs(slope)));
    }
  });
}

const native = process.env["ATTEND_ENGINE"] === "native";

// libtensorflow itself has no gradients for explicit padding, nor depthwise ones for unequal
// strides.
const geometries: {
  name: string;
  strides: [number, number] | number;
  pad: "same" | "valid" | [[0, 0], [number, number], [number, number], [0, 0]];
  kernel: [number, number];
}[] = [
  { name: "3x3, same", strides: 1, pad: "same", kernel: [3, 3] },
  { name: "1x1", strides: 1, pad: "valid", kernel: [1, 1] },
  { name: "3x3, stride 2, same", strides: 2, pad: "same", kernel: [3, 3] },
  { name: "1x1, stride 2", strides: 2, pad: "same", kernel: [1, 1] },
  { name: "2x3, strides 1 and 2, valid", strides: [1, 2], pad: "valid", kernel: [2, 3] },
  { name: "even 4x4, same", strides: 1, pad: "same", kernel: [4, 4] },
  {
    name: "uneven padding",
    strides: 1,
    pad: [
      [0, 0],
      [2, 0],
      [1, 3],
      [0, 0],
    ],
    kernel: [3, 3],
  },
  {
    name: "padding beyond the filter",
    strides: 1,
    pad: [
      [0, 0],
      [3, 4],
      [3, 3],
      [0, 0],
    ],
    kernel: [2, 2],
  },
  { name: "more stride than filter", strides: 3, pad: "valid", kernel: [2, 2] },
];

describe.each(geometries)("gradients of a convolution: $name", ({ strides, pad, kernel }) => {
  const explicit = typeof pad !== "string";

  it.skipIf(native && explicit)("conv2d with respect to input and filter", () => {
    tf.tidy(() => {
      const x = normal<tf.Rank.R4>(2, 7, 6, 3);
      const filter = normal<tf.Rank.R4>(...kernel, 3, 4);
      expectGradient((value) => tf.conv2d(value as tf.Tensor4D, filter, strides, pad), x);
      expectGradient((value) => tf.conv2d(x, value as tf.Tensor4D, strides, pad), filter);
    });
  });

  it.skipIf(native && (explicit || typeof strides !== "number")).for([1, 2])(
    "depthwiseConv2d with respect to input and filter, multiplier %i",
    (multiplier) => {
      tf.tidy(() => {
        const x = normal<tf.Rank.R4>(2, 7, 6, 3);
        const filter = normal<tf.Rank.R4>(...kernel, 3, multiplier);
        expectGradient(
          (value) => tf.depthwiseConv2d(value as tf.Tensor4D, filter, strides, pad),
          x,
        );
        expectGradient(
          (value) => tf.depthwiseConv2d(x, value as tf.Tensor4D, strides, pad),
          filter,
        );
      });
    },
  );
});

describe("unsortedSegmentSum", () => {
  it("sums the rows of a segment, leaves an empty one zero and drops ids out of range", () => {
    tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]);
      const sums = tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2, -1], "int32"), 3);
      expect(sums.arraySync()).toEqual([
        [3, 4],
        [0, 0],
        [6, 8],
      ]);
    });
  });

  it("is the gradient of gather, with ids that repeat", () => {
    tf.tidy(() => {
      const table = normal(5, 3);
      const ids = tf.tensor2d([4, 0, 4, 4, 1, 0], [2, 3], "int32");
      expectGradient((value) => tf.gather(value, ids), table);
      expectGradient((value) => tf.gather(value, tf.tensor1d([2, 2, 0], "int32"), 1), table);
    });
  });
});

describe("matMul", () => {
  const transposes = [false, true].flatMap((a) => [false, true].map((b) => ({ a, b })));

  it.each(transposes)(
    "transposes a: $a, b: $b, and differentiates with respect to both",
    ({ a, b }) => {
      tf.tidy(() => {
        for (const batch of [[], [1], [3]]) {
          const left = normal(...batch, ...(a ? [4, 2] : [2, 4]));
          const right = normal(...batch, ...(b ? [5, 4] : [4, 5]));
          const expected = tf.sum(
            tf.mul(
              tf.expandDims(a ? swap(left) : left, -1),
              tf.expandDims(b ? swap(right) : right, -3),
            ),
            -2,
          );
          const product = tf.matMul(left, right, a, b);
          expect(product.shape).toEqual(expected.shape);
          expect(tf.max(tf.abs(tf.sub(product, expected))).dataSync()[0]).toBeLessThan(1e-5);
          expectGradient((value) => tf.matMul(value, right, a, b), left);
          expectGradient((value) => tf.matMul(left, value, a, b), right);
        }
      });
    },
  );

  it("transposes in the fused product, bias and activation included", () => {
    tf.tidy(() => {
      const a = normal<tf.Rank.R2>(4, 2);
      const b = normal<tf.Rank.R2>(5, 4);
      const bias = normal<tf.Rank.R1>(5);
      const fused = tf.fused.matMul({
        a,
        b,
        transposeA: true,
        transposeB: true,
        bias,
        activation: "relu",
      });
      const plain = tf.relu(tf.add(tf.matMul(swap(a), swap(b)), bias));
      expect(tf.max(tf.abs(tf.sub(fused, plain))).dataSync()[0]).toBeLessThan(1e-5);
    });
  });
});

function swap(matrices: tf.Tensor): tf.Tensor {
  return tf.transpose(matrices, matrices.rank === 2 ? [1, 0] : [0, 2, 1]);
}

describe("gather", () => {
  const numbers = () => tf.tensor([...Array(12).keys()], [3, 2, 2]);

  it("copies rows, in any order and repeatedly", () => {
    tf.tidy(() => {
      const [x, ids] = [numbers(), tf.tensor1d([2, 0, 2, 1], "int32")];
      const expected = [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7];
      expect([...tf.gather(x, ids).dataSync()]).toEqual(expected);
      expect([...tf.gather(tf.cast(x, "int32"), ids).dataSync()]).toEqual(expected);
      expect(tf.gather(x, tf.reshape(ids, [2, 2])).shape).toEqual([2, 2, 2, 2]);
      expect(tf.gather(x, tf.tensor1d([], "int32")).shape).toEqual([0, 2, 2]);
    });
  });

  it("gathers along other axes", () => {
    tf.tidy(() => {
      const middle = tf.gather(numbers(), tf.tensor1d([1], "int32"), 1);
      expect([...middle.dataSync()]).toEqual([2, 3, 6, 7, 10, 11]);
    });
  });
});

describe("slice", () => {
  it.each([
    { begin: [1, 0, 0], size: [1, 2, 3], expected: [6, 7, 8, 9, 10, 11] },
    { begin: [1, 1, 1], size: [-1, 1, 2], expected: [10, 11, 16, 17] },
    { begin: [0, 1, 0], size: [1, 1, -1], expected: [3, 4, 5] },
    { begin: [2, 0, 0], size: [0, 2, 3], expected: [] },
  ])("from $begin, of $size, in every numeric type", ({ begin, size, expected }) => {
    tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 18), [3, 2, 3]);
      expect([...tf.slice(x, begin, size).dataSync()]).toEqual(expected);
      expect([...tf.slice(tf.cast(x, "int32"), begin, size).dataSync()]).toEqual(expected);
      const odd = tf.equal(tf.mod(x, 2), 1);
      expect([...tf.slice(odd, begin, size).dataSync()]).toEqual(expected.map((n) => n % 2));
      expectGradient((value) => tf.slice(value, begin, size), x);
    });
  });

  it("slices text", () => {
    tf.tidy(() => {
      expect(tf.slice(tf.tensor1d(["a", "b", "c"]), 1, 2).dataSync()).toEqual(["b", "c"]);
    });
  });
});

describe("one-hot", () => {
  it.each(["float32", "int32", "bool"] as const)(
    "in %s; an index out of range is ignored",
    (dtype) => {
      tf.tidy(() => {
        const indices = tf.tensor2d([2, 0, 3, -1], [2, 2], "int32");
        const [on, off] = dtype === "float32" ? [0.75, 0.125] : [1, 0];
        const hot = tf.oneHot(indices, 3, on, off, dtype);
        expect([hot.dtype, ...hot.shape]).toEqual([dtype, 2, 2, 3]);
        const rows = [[off, off, on], [on, off, off], Array(6).fill(off)];
        expect([...hot.dataSync()]).toEqual(rows.flat());
      });
    },
  );
});
