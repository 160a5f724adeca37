import { createRandom, tf } from "@attend/runtime";
import {
  checkGradient,
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  useEngine,
} from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LstmCell, unroll } from "../src/index.ts";

const [batch, steps, inputSize, units] = [3, 6, 4, 2];

useEngine();

function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  const random = createRandom(seed);
  return tf.tensor<R>(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random.normal),
    shape,
  );
}

const makeCell = (seed = 1) => new LstmCell(inputSize, units, createRandom(seed));
const sequence = (seed = 2) => normal<tf.Rank.R3>([batch, steps, inputSize], seed);

test("in pieces equals at once, wherever it is cut", () => {
  const [cell, input, initial] = [makeCell(), sequence(), makeCell().initialState(batch)];
  const whole = unroll(cell, input, initial);
  for (let cut = 1; cut < steps; cut++) {
    const first = unroll(cell, tf.slice(input, [0, 0, 0], [-1, cut, -1]), initial);
    const second = unroll(cell, tf.slice(input, [0, cut, 0]), first.state);
    expectClose(tf.concat([first.output, second.output], 1), whole.output);
    expectClose(second.state.h, whole.state.h);
    expectClose(second.state.c, whole.state.c);
  }
});

describe("lengths", () => {
  test("padding never changes a result, whatever it holds", () => {
    const property = (seed: number, lengths: number[], padding: number) => {
      tf.tidy(() => {
        const [cell, input, initial] = [makeCell(), sequence(seed), makeCell().initialState(batch)];
        const counts = tf.tensor(
          lengths.flatMap((n) => [...Array(steps).keys()].map((t) => t < n)),
        );
        const real = tf.reshape(tf.cast(counts, "bool"), [batch, steps, 1]);
        const padded: tf.Tensor3D = tf.where(real, input, tf.fill(input.shape, padding));
        const { output, state } = unroll(cell, padded, initial, { lengths });
        lengths.forEach((length, row) => {
          const alone = unroll(
            cell,
            tf.slice(input, [row, 0, 0], [1, length, -1]),
            cell.initialState(1),
          );
          expectClose(tf.slice(output, [row, 0, 0], [1, length, -1]), alone.output);
          expectClose(
            tf.slice(output, [row, length, 0], [1, -1, -1]),
            tf.zeros([1, steps - length, units]),
            0,
          );
          expectClose(tf.slice(state.h, row, 1), alone.state.h);
          expectClose(tf.slice(state.c, row, 1), alone.state.c);
        });
        cell.dispose();
      });
    };
    const length = fc.integer({ min: 1, max: steps });
    const lengths = fc.array(length, { minLength: batch, maxLength: batch });
    const padding = fc.constantFrom(0, 1, -1e30, Number.NaN);
    fc.assert(fc.property(fc.nat(), lengths, padding, property), { numRuns: 15, seed: 1 });
  });

  test("padding gets no gradient", () => {
    const [cell, initial] = [makeCell(), makeCell().initialState(batch)];
    const run = (input: tf.Tensor) => {
      const { output, state } = unroll(cell, input as tf.Tensor3D, initial, { lengths: [2, 6, 1] });
      return tf.add(tf.sum(tf.square(output)), tf.sum(state.c));
    };
    checkGradient(run, [[batch, steps, inputSize]]);
    const gradient = tf.grad(run)(sequence());
    expectClose(tf.slice(gradient, [0, 2, 0], [1, -1, -1]), tf.zeros([1, 4, inputSize]), 0);
    expectClose(tf.slice(gradient, [2, 1, 0], [1, -1, -1]), tf.zeros([1, 5, inputSize]), 0);
  });

  test.each([
    [[6, 6], "2 lengths for a batch of 3"],
    [[], "0 lengths for a batch of 3"],
    [[6, 6, 6, 6], "4 lengths for a batch of 3"],
    [[1, 0, 2], "length 0 of sequence 1; lengths are whole numbers from 1 to 6 (the steps)"],
    [[1, 2, 7], "length 7 of sequence 2; lengths are whole numbers from 1 to 6 (the steps)"],
    [[1.5, 2, 3], "length 1.5 of sequence 0; lengths are whole numbers from 1 to 6 (the steps)"],
  ])("%s are refused", (lengths, message) => {
    const cell = makeCell();
    expect(() => unroll(cell, sequence(), cell.initialState(batch), { lengths })).toThrow(message);
  });
});

test("an input of another width is refused", () => {
  const input = tf.zeros<tf.Rank.R3>([2, 3, 5]);
  expect(() => unroll(makeCell(), input, makeCell().initialState(2))).toThrow(
    "the input is [batch 2, steps 3, features 5], the cell expects 4 features",
  );
});

test("the loop equals the fused kernel, without one", () => {
  const [cell, input, initial] = [makeCell(), sequence(), makeCell().initialState(batch)];
  const withoutKernel = Object.defineProperty(makeCell(), "sequence", { value: undefined });
  const [fused, looped] = [unroll(cell, input, initial), unroll(withoutKernel, input, initial)];
  expectClose(looped.output, fused.output);
  expectClose(looped.state.c, fused.state.c);
});

describe("LstmCell", () => {
  test("starts with a forget bias of 1 and an orthogonal recurrent kernel", () => {
    const cell = makeCell();
    expectClose(cell.bias, [0, 0, 0, 0, 1, 1, 0, 0]);
    for (let gate = 0; gate < 4; gate++) {
      const own = tf.slice(cell.kernel, [inputSize, gate * units], [units, units]);
      expectClose(tf.matMul(own, own, true), tf.eye(units));
    }
  });

  test("the same seed gives the same weights", () => {
    expectClose(makeCell(5).kernel, makeCell(5).kernel, 0);
    expect(() => expectClose(makeCell(5).kernel, makeCell(6).kernel)).toThrow();
  });

  test("gradients agree with central differences", () => {
    const [cell, input] = [makeCell(), sequence()];
    const initial = {
      h: normal<tf.Rank.R2>([batch, units], 3),
      c: normal<tf.Rank.R2>([batch, units], 4),
    };
    const loss = (x: tf.Tensor) => {
      const { output, state } = unroll(cell, x as tf.Tensor3D, initial);
      return tf.add(tf.sum(tf.square(output)), tf.sum(state.c));
    };
    checkGradient(loss, [[batch, steps, inputSize]]);
    checkVariableGradients(() => loss(input), cell.namedParameters());
  });

  test.each([[undefined], [[6, 2, 3]]])("leaves no tensor behind, lengths %s", async (lengths) => {
    const [cell, input, initial] = [makeCell(), sequence(), makeCell().initialState(batch)];
    const run = () => {
      const { output } = unroll(cell, input, initial, lengths === undefined ? {} : { lengths });
      return tf.sum(output) as tf.Scalar;
    };
    tf.dispose(tf.variableGrads(run)); // the kernels' constants
    await expectNoLeak(() => {
      tf.dispose(tf.variableGrads(run));
      tf.dispose(tf.tidy(run));
    });
  });
});
