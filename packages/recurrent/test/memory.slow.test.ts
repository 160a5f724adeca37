import { createRandom, hasFusedKernels, memoryInfo, tf } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { LstmCell, unroll } from "../src/index.ts";

useEngine();

/** Peak memory of tensors, and growth of the process after the sixth window, in bytes. */
function run(steps: number): { tensors: number; growth: number } {
  const cell = new LstmCell(8, 32, createRandom(1));
  let state = cell.initialState(4);
  let tensors = 0;
  let early = 0;
  for (let from = 0; from < steps; from += 100) {
    const before = state;
    const { value, grads } = tf.variableGrads(() => {
      const input = tf.fill<tf.Rank.R3>([4, 100, 8], Math.sin(from));
      const window = unroll(cell, input, before);
      state = { h: tf.keep(window.state.h.clone()), c: tf.keep(window.state.c.clone()) };
      tensors = Math.max(tensors, tf.memory().numBytes);
      return tf.sum(tf.square(window.output)) as tf.Scalar;
    });
    tf.dispose([before, value, grads]);
    if (from === 500) early = memoryInfo().rss;
  }
  tf.dispose(state);
  cell.dispose();
  return { tensors, growth: memoryInfo().rss - early };
}

test("truncated backpropagation needs no more memory for 100,000 steps than for 1,000", () => {
  // Without the fused kernels, 100,000 steps take many minutes.
  const [short, long] = [run(1_000), run(hasFusedKernels() ? 100_000 : 4_000)];
  process.stdout.write(`${JSON.stringify({ short, long })}\n`);
  expect(long.tensors).toBe(short.tensors);
  expect(long.growth).toBeLessThan(100 * 2 ** 20);
}, 600_000);

test("checkpointing reduces peak memory to less than a third", async () => {
  const cell = new LstmCell(32, 64, createRandom(1));
  const input = tf.ones<tf.Rank.R3>([8, 400, 32]);
  const initial = cell.initialState(8);
  const peakOf = async (checkpoint: boolean) => {
    const before = tf.memory().numBytes;
    const { peakBytes } = await tf.profile(() => {
      const { grads } = tf.variableGrads(() => {
        const { output } = unroll(cell, input, initial, { checkpoint });
        return tf.sum(tf.square(output)) as tf.Scalar;
      });
      return grads;
    });
    return peakBytes - before;
  };
  const [plain, checkpointed] = [await peakOf(false), await peakOf(true)];
  process.stdout.write(`${JSON.stringify({ plain, checkpointed })}\n`);
  expect(checkpointed).toBeLessThan(plain / 3);
}, 600_000);
