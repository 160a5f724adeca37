import { tf } from "@attend/runtime";
import { checkGradient, checkVariableGradients, expectClose, expectNoLeak } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { type Cell, type CellState, sizesIn, stateFrom, unroll } from "../../src/index.ts";
import { batch, normal, shaken, size, steps } from "./cells.ts";
import { expectPaddingChangesNothing } from "./padding.ts";

/**
 * What holds for every cell. `make` gives one of `size` features and the same weights each time.
 *
 * @param options.weights false where all weights are those of cells inside, which have their own tests
 */
export function describeCell(
  name: string,
  make: () => Cell,
  { weights = true }: { weights?: boolean } = {},
): void {
  describe(name, () => {
    test("a sequence equals its steps, and can be split anywhere", () => {
      tf.tidy(() => {
        const [cell, input] = [shaken(make()), sequence(batch, steps)];
        const initial = someState(cell, batch);
        const whole = unroll(cell, input, initial);
        let state = initial;
        const outputs = tf.unstack(input, 1).map((x) => {
          const next = cell.step(x as tf.Tensor2D, state);
          state = next.state;
          return next.output;
        });
        expectClose(tf.stack(outputs, 1), whole.output);
        expectSameState(state, whole.state);
        for (let cut = 1; cut < steps; cut++) {
          const first = unroll(cell, tf.slice(input, [0, 0, 0], [-1, cut, -1]), initial);
          const second = unroll(cell, tf.slice(input, [0, cut, 0]), first.state);
          expectClose(tf.concat([first.output, second.output], 1), whole.output);
          expectSameState(second.state, whole.state);
        }
      });
    });

    test("padding affects neither result nor gradient", () => {
      const cell = shaken(make());
      expectPaddingChangesNothing(cell, (input, lengths) => {
        const initial = cell.initialState(input.shape[0]);
        const { output, state } = unroll(cell, input, initial, { lengths });
        return { output, others: tensorsIn(state) };
      });
    });

    test("gradients agree with central differences", () => {
      tf.tidy(() => {
        const [cell, input] = [shaken(make()), sequence(2, 2)];
        const initial = someState(cell, 2);
        const loss = (x: tf.Tensor, ...tensors: tf.Tensor[]) => {
          const state = stateFrom(cell.stateSizes, tensors as tf.Tensor2D[]);
          const ran = unroll(cell, x as tf.Tensor3D, state);
          const ofState = tensorsIn(ran.state).map((tensor) => tf.sum(tf.sin(tensor)));
          return tf.addN([tf.sum(tf.square(ran.output)), ...ofState]);
        };
        const states = tensorsIn(initial);
        checkGradient(loss, [input, ...states]);
        if (!weights) return;
        checkVariableGradients(() => loss(input, ...states), cell.namedParameters());
      });
    });

    test("leaks no tensors", async () => {
      const [cell, input] = [make(), sequence(batch, steps)];
      const initial = cell.initialState(batch);
      const lengths = [2, steps, 1];
      const run = () => tf.sum(unroll(cell, input, initial, { lengths }).output) as tf.Scalar;
      tf.dispose(tf.variableGrads(run)); // the kernels' constants
      await expectNoLeak(() => {
        tf.dispose(tf.variableGrads(run));
        tf.dispose(tf.tidy(run));
      });
      await expectNoLeak(() => make().dispose());
    });
  });
}

export function sequence(rows: number, length: number): tf.Tensor3D {
  return normal([rows, length, size], 2);
}

/** Not zeros, for what zeros would hide. */
export function someState(cell: Cell, rows: number): CellState {
  let seed = 3;
  const tensors = sizesIn(cell.stateSizes).map(({ size: width }) =>
    normal<tf.Rank.R2>([rows, width], seed++),
  );
  return stateFrom(cell.stateSizes, tensors);
}

export function expectSameState(actual: CellState, expected: CellState): void {
  const [tensors, others] = [tensorsIn(actual), tensorsIn(expected)];
  expect(tensors).toHaveLength(others.length);
  tensors.forEach((tensor, i) => void expectClose(tensor, others[i] ?? 0));
}

/** Every tensor of a state, or of a part of it. */
export function tensorsIn(part: CellState[string]): tf.Tensor2D[] {
  return part instanceof tf.Tensor ? [part] : Object.values(part).flatMap(tensorsIn);
}
