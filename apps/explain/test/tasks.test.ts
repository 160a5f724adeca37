import { Linear } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addingSequences, addingTask, copySequences, copyTask } from "../src/index.ts";
import { recalled, symbols } from "../src/tasks/index.ts";

useEngine();

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const counts = fc.integer({ min: 1, max: 4 });

describe("the adding problem", () => {
  test("marks one number in each half, and the target is their sum", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), counts, seeds, (steps, count, seed) => {
        const { input, sums } = addingSequences(steps, count, createRandom(seed));
        expect(input).toHaveLength(count * steps * 2);
        for (let i = 0; i < count; i++) {
          const rows = Array.from({ length: steps }, (_, t) => {
            const at = (i * steps + t) * 2;
            return { value: input[at] ?? -1, mark: input[at + 1] };
          });
          const marked = rows.flatMap(({ mark }, t) => (mark === 1 ? [t] : []));
          const [first = -1, second = -1] = marked;
          expect(marked).toHaveLength(2);
          expect(first).toBeLessThan(Math.floor(steps / 2));
          expect(second).toBeGreaterThanOrEqual(Math.floor(steps / 2));
          expectClose(sums[i] ?? -1, (rows[first]?.value ?? 0) + (rows[second]?.value ?? 0));
          expect(rows.every(({ value }) => value >= 0 && value < 1)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("always answering 1 gives the baseline loss, and the correct sum gives none", () => {
    tf.tidy(() => {
      const batch = addingTask.sample(6, 4000, createRandom(1));
      const readout = new Linear(1, 1, undefined);
      const hidden = tf.zeros<tf.Rank.R3>([4000, 6, 1]);
      readout.bias?.assign(tf.ones([1]));
      const loss = batch.loss(hidden, readout).dataSync()[0] ?? 0;
      expect(Math.abs(loss - addingTask.baseline(6))).toBeLessThan(0.01);
      const [values, marks] = tf.split(batch.input, 2, 2);
      const sums = tf.sum(tf.mul(values as tf.Tensor3D, marks as tf.Tensor3D), 1, true);
      readout.kernel.assign(tf.ones([1, 1]));
      readout.bias?.assign(tf.zeros([1]));
      // Only the final output counts.
      const outputs = tf.concat([tf.fill([4000, 5, 1], 7), sums], 1) as tf.Tensor3D;
      expectClose(batch.recallLoss(outputs, readout), 0);
      readout.dispose();
    });
  });
});

describe("copy memory", () => {
  test("the targets after the signal are the symbols from the start", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), counts, seeds, (delay, count, seed) => {
        const { input, targets } = copySequences(delay, count, createRandom(seed));
        const steps = delay + 2 * recalled;
        expect(copyTask.steps(delay)).toBe(steps);
        for (let i = 0; i < count; i++) {
          const [inputs, expected] = [input, targets].map((all) =>
            Array.from(all.subarray(i * steps, (i + 1) * steps)),
          );
          const shown = inputs?.slice(0, recalled) ?? [];
          expect(shown.every((symbol) => symbol >= 0 && symbol < symbols)).toBe(true);
          const blanks = (length: number) => Array.from({ length }, () => symbols);
          expect(inputs).toEqual([
            ...shown,
            ...blanks(delay - 1),
            symbols + 1,
            ...blanks(recalled),
          ]);
          expect(expected).toEqual([...blanks(delay + recalled), ...shown]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("knowing when to answer, but not what, gives the baseline loss", () => {
    tf.tidy(() => {
      const [delay, count] = [4, 8];
      const batch = copyTask.sample(delay, count, createRandom(1));
      const steps = copyTask.steps(delay);
      // The hidden state contains the logits: certainly blank up to the signal, then any of the symbols.
      const readout = new Linear(symbols + 1, symbols + 1, undefined);
      readout.kernel.assign(tf.eye(symbols + 1));
      const onlyBlank = [...Array.from({ length: symbols }, () => -100), 100];
      const anySymbol = [...Array.from({ length: symbols }, () => 0), -100];
      const logits = Array.from({ length: steps }, (_, t) =>
        t < steps - recalled ? onlyBlank : anySymbol,
      );
      const hidden = tf.tile(tf.tensor3d([logits]), [count, 1, 1]) as tf.Tensor3D;
      expectClose(batch.loss(hidden, readout), copyTask.baseline(delay));
      expectClose(batch.recallLoss(hidden, readout), Math.log(symbols));
      readout.dispose();
    });
  });
});

test.each([addingTask, copyTask])(
  "$name: sequences depend on the seed, and dispose frees them",
  async (task) => {
    const inputOf = (seed: number) => {
      const batch = task.sample(8, 3, createRandom(seed));
      const input = batch.input.arraySync();
      expect(batch.input.shape).toEqual([3, task.steps(8), task.inputSize]);
      batch.dispose();
      return input;
    };
    await expectNoLeak(() => {
      expect(inputOf(1)).toEqual(inputOf(1));
      expect(inputOf(1)).not.toEqual(inputOf(2));
    });
  },
);
