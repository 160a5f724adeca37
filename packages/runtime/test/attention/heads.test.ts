import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { composedHeads } from "../../src/attention/heads.ts";
import { composedSlotAttention } from "../../src/attention/slot-attention.ts";
import {
  createRandom,
  hasFusedKernels,
  loadEngine,
  multiHeadAttention,
  slotAttention,
  tf,
} from "../../src/index.ts";
import { expectAllClose, normal } from "../support/numbers.ts";

const engine = await loadEngine();
beforeAll(async () => {
  await loadEngine();
});

const upTo = (max: number) => fc.integer({ min: 1, max });
const sizes = {
  rows: upTo(5),
  positions: upTo(40),
  heads: upTo(4),
  headSize: upTo(40),
  seed: fc.integer(),
};
const runs = { numRuns: 60, seed: 7 };

describe.runIf(engine.name === "native" && hasFusedKernels())("fused heads", () => {
  test("of any size match the composed operations, forward and backward", () => {
    const each = fc.record({
      ...sizes,
      count: upTo(40),
      causal: fc.boolean(),
      padded: fc.boolean(),
      dropped: fc.boolean(),
    });
    fc.assert(
      fc.property(each, ({ rows, count, positions, heads, headSize, seed, ...options }) => {
        tf.tidy(() => {
          const size = heads * headSize;
          const random = createRandom(seed);
          const ends = Array.from({ length: rows }, () => 1 + random.integer(positions));
          const lengths = options.padded ? tf.tensor1d(ends, "int32") : undefined;
          const shape: [number, number, number, number] = [rows, heads, count, positions];
          const dropoutMask = options.dropped
            ? tf.abs(normal<tf.Rank.R4>(shape, seed + 1))
            : undefined;
          const settings = { heads, causal: options.causal, lengths, dropoutMask };
          const inputs = [
            normal<tf.Rank.R3>([rows, count, size], seed + 2),
            normal<tf.Rank.R3>([rows, positions, 2 * size], seed + 3),
          ];
          const weighting = [
            normal<tf.Rank.R3>([rows, count, size], seed + 4),
            normal<tf.Rank.R4>(shape, seed + 5),
          ];
          const run = (attention: typeof composedHeads) => (q: tf.Tensor, m: tf.Tensor) => {
            const given = { queries: q as tf.Tensor3D, memory: m as tf.Tensor3D };
            const { context, weights } = attention(given, settings);
            return [context, weights];
          };
          const summed = (attention: typeof composedHeads) => (q: tf.Tensor, m: tf.Tensor) =>
            tf.addN(run(attention)(q, m).map((x, i) => tf.sum(tf.mul(x, weighting[i] ?? 0))));
          const [q, m] = inputs as [tf.Tensor, tf.Tensor];
          expectAllClose(run(multiHeadAttention)(q, m), run(composedHeads)(q, m), 1e-4);
          const gradients = tf.grads(summed(multiHeadAttention))(inputs);
          expectAllClose(gradients, tf.grads(summed(composedHeads))(inputs), 1e-3);
        });
      }),
      runs,
    );
  });

  test("over slots of any size match the composed operations", () => {
    fc.assert(
      fc.property(fc.record(sizes), ({ rows, positions, heads, headSize, seed }) => {
        tf.tidy(() => {
          const [size, slotCount] = [heads * headSize, rows * positions];
          const random = createRandom(seed);
          const slots = Array.from({ length: rows }, () => {
            const length = 1 + random.integer(positions);
            return Array.from({ length: positions }, (_, p) =>
              p < length ? random.integer(slotCount) : -1,
            );
          });
          const given = [
            normal<tf.Rank.R2>([rows, size], seed),
            normal<tf.Rank.R2>([slotCount, 2 * size], seed + 1),
            tf.tensor2d(slots, undefined, "int32"),
            heads,
          ] as const;
          const [fused, composed] = [slotAttention(...given), composedSlotAttention(...given)];
          expectAllClose(
            [fused.context, fused.weights],
            [composed.context, composed.weights],
            1e-4,
          );
        });
      }),
      runs,
    );
  });

  test("mismatched inputs are rejected", () => {
    const [queries, memory] = [tf.zeros<tf.Rank.R3>([2, 3, 6]), tf.zeros<tf.Rank.R3>([2, 4, 12])];
    const attend = (heads: number, ends: number[]) => () =>
      multiHeadAttention({ queries, memory }, { heads, lengths: tf.tensor1d(ends, "int32") });
    expect(attend(4, [1, 1])).toThrow("4 heads do not divide size 6");
    expect(attend(2, [1, 5])).toThrow("length 5 of 4 positions");
    expect(attend(2, [0, 1])).toThrow("length 0 of 4 positions");
    const row = tf.zeros<tf.Rank.R2>([1, 6]);
    const slots = tf.zeros<tf.Rank.R2>([3, 12]);
    const attendSlot = (slot: number) => () =>
      slotAttention(row, slots, tf.tensor2d([[slot]], undefined, "int32"), 2);
    expect(attendSlot(3)).toThrow("slot 3 of 3");
    expect(attendSlot(-1)).toThrow("slot -1 of 3");
  });
});
