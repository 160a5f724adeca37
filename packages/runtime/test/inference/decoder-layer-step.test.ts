import { beforeAll, describe, expect, test } from "vitest";
import {
  type DecoderLayerMemory,
  type DecoderLayerWeights,
  denseProduct,
  fusedDecoderLayerStep,
  fusedLayerNorm,
  hasInferenceKernels,
  loadEngine,
  slotAttention,
  tf,
} from "../../src/index.ts";
import { normal } from "./support/operations.ts";

beforeAll(async () => {
  await loadEngine();
});

interface Case {
  readonly size: number;
  readonly rows: number;
  readonly normFirst: boolean;
  readonly activation: "relu" | "gelu";
}

const inner = 320;

function makeWeights({ size, normFirst, activation }: Case): DecoderLayerWeights {
  const shapes = [
    ...[[size, 2 * size] as const, [size, size] as const, [size, size] as const],
    ...[[size, size] as const, [size, size] as const],
    ...[[size, inner] as const, [inner, size] as const],
  ];
  const norm = () => ({ scale: normal<tf.Rank.R1>([size]), offset: normal<tf.Rank.R1>([size]) });
  return {
    ...{ heads: 4, normFirst, epsilon: 1e-5, activation },
    norms: [norm(), norm(), norm()],
    products: shapes.map((shape) => ({
      kernel: tf.variable(tf.mul(normal<tf.Rank.R2>([...shape]), 0.1)),
      bias: normal<tf.Rank.R1>([shape[1]]),
    })),
  };
}

/** Six tokens and two sources of five and three positions so far; row i continues slot i of the tokens. */
function makeMemory({ size, rows }: Case): DecoderLayerMemory {
  const slots = (row: number) => [row % 6, 6 + row];
  const positions = (row: number) => (row % 2 === 0 ? [0, 1, 2, 3, 4] : [5, 6, 7, -1, -1]);
  const ofRows = (each: (row: number) => number[]) =>
    tf.tensor2d(
      Array.from({ length: rows }, (_, row) => each(row)),
      undefined,
      "int32",
    );
  return {
    target: normal([6, 2 * size]),
    targetSlots: ofRows(slots),
    source: normal([8, 2 * size]),
    sourceSlots: ofRows(positions),
  };
}

/** The layer's operations one by one. */
function plainStep(
  input: tf.Tensor2D,
  memory: DecoderLayerMemory,
  { heads, normFirst, epsilon, activation, norms, products }: DecoderLayerWeights,
) {
  const product = (x: tf.Tensor2D, index: number, kind?: typeof activation) => {
    const { kernel, bias } = products[index] as (typeof products)[number];
    return denseProduct(x, kernel, { bias, activation: kind });
  };
  const around = (index: number, x: tf.Tensor2D, f: (x: tf.Tensor2D) => tf.Tensor2D) => {
    const { scale, offset } = norms[index] as (typeof norms)[number];
    const norm = (y: tf.Tensor2D) => fusedLayerNorm(y, scale, offset, epsilon) as tf.Tensor2D;
    return normFirst ? tf.add<tf.Tensor2D>(x, f(norm(x))) : norm(tf.add(x, f(x)));
  };
  let target = memory.target;
  let weights = tf.zeros<tf.Rank.R3>([1, 1, 1]);
  const attended = around(0, input, (x) => {
    target = tf.concat([memory.target, product(x, 0)]);
    return product(slotAttention(product(x, 1), target, memory.targetSlots, heads).context, 2);
  });
  const crossed = around(1, attended, (x) => {
    const found = slotAttention(product(x, 3), memory.source, memory.sourceSlots, heads);
    weights = found.weights;
    return product(found.context, 4);
  });
  const output = around(2, crossed, (x) => product(product(x, 5, activation), 6));
  return { output, target, weights };
}

const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

describe("a step of a decoder's layer in one operation", () => {
  test.each<Case>([
    { size: 32, rows: 1, normFirst: true, activation: "relu" },
    { size: 32, rows: 5, normFirst: false, activation: "gelu" },
    // Large enough for packed copies of the weights.
    { size: 256, rows: 5, normFirst: true, activation: "gelu" },
    { size: 256, rows: 8, normFirst: false, activation: "relu" },
    { size: 32, rows: 12, normFirst: true, activation: "relu" },
    { size: 256, rows: 40, normFirst: false, activation: "gelu" },
  ])("equals its operations to the last bit: %j", (each) => {
    const weights = makeWeights(each);
    const memory = makeMemory(each);
    const input = normal<tf.Rank.R2>([each.rows, each.size]);
    // The third and later products of few rows read copies.
    for (let i = 0; i < 4; i++) {
      tf.tidy(() => {
        const fused = fusedDecoderLayerStep(input, memory, weights);
        expect(fused !== undefined).toBe(hasInferenceKernels());
        if (fused === undefined) return;
        const plain = plainStep(input, memory, weights);
        expect(values(fused.output)).toEqual(values(plain.output));
        expect(values(fused.target)).toEqual(values(plain.target));
        expect(values(fused.weights)).toEqual(values(plain.weights));
      });
    }
  });

  test("is left to single operations while a gradient is recorded", () => {
    const each: Case = { size: 32, rows: 2, normFirst: true, activation: "relu" };
    const [weights, memory] = [makeWeights(each), makeMemory(each)];
    tf.grad((x) => {
      expect(fusedDecoderLayerStep(x as tf.Tensor2D, memory, weights)).toBeUndefined();
      return tf.sum(x);
    })(normal([2, 32]));
  });

  test("refuses slots that do not exist, and weights of other sizes", () => {
    if (!hasInferenceKernels()) return;
    const each: Case = { size: 32, rows: 2, normFirst: true, activation: "relu" };
    const [weights, memory] = [makeWeights(each), makeMemory(each)];
    const input = normal<tf.Rank.R2>([2, 32]);
    const outside = { ...memory, sourceSlots: tf.tensor2d([[0], [8]], undefined, "int32") };
    expect(() => fusedDecoderLayerStep(input, outside, weights)).toThrow("slot 8 of 8");
    const empty = { ...memory, sourceSlots: tf.tensor2d([[0], [-1]], undefined, "int32") };
    expect(() => fusedDecoderLayerStep(input, empty, weights)).toThrow("slot -1 of 8");
    const [first, ...others] = weights.products;
    const swapped = { ...weights, products: [...others, first as (typeof others)[number]] };
    expect(() => fusedDecoderLayerStep(input, memory, swapped)).toThrow(
      "bias is [32], expected [64]",
    );
    expect(() => fusedDecoderLayerStep(input, memory, { ...weights, heads: 5 })).toThrow(
      "5 heads do not divide size 32",
    );
  });
});
