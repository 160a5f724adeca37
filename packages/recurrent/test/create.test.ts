import { Linear } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  createEncoder,
  createRecurrent,
  DropoutCell,
  type RecurrentConfigInput,
  recurrentConfigSchema,
  unroll,
  ZoneoutCell,
} from "../src/index.ts";
import { normal } from "./support/cells.ts";

useEngine();

const cells = recurrentConfigSchema.shape.cell.options;
const config: RecurrentConfigInput = { cell: "gru", inputSize: 3, units: 4 };

describe("createRecurrent", () => {
  test.each(["plain", "residual", "dense"] as const)(
    "%s layers have matching sizes",
    (connections) => {
      const stack = createRecurrent({ ...config, layers: 3, connections }, createRandom(1));
      const { output } = unroll(stack, tf.ones([2, 5, 3]), stack.initialState(2));
      expect(output.shape).toEqual([2, 5, connections === "dense" ? 15 : 4]);
    },
  );

  test("dropout and zoneout wrap each layer", () => {
    const zoneout = { h: 0.1 };
    const stack = createRecurrent({ ...config, layers: 2, dropout: 0.1, zoneout });
    for (const layer of stack.layers) {
      expect(layer).toBeInstanceOf(DropoutCell);
      expect((layer as DropoutCell<{ readonly h: tf.Tensor2D }>).cell).toBeInstanceOf(ZoneoutCell);
    }
  });

  test("the weights are seeded", () => {
    const [first, same, other] = [1, 1, 2].map((seed) =>
      tf.concat(
        createRecurrent(config, createRandom(seed))
          .parameters()
          .map((p) => tf.reshape(p, [-1])),
      ),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor];
    expectClose(first, same, 0);
    expect(() => expectClose(first, other)).toThrow("not close");
  });

  test("reports each invalid key of a config in one line", () => {
    const invalid: object = { cell: "lstm", inputSize: 0, units: 2.5, dropout: 1, layer: 2 };
    expect(() => createRecurrent(invalid as RecurrentConfigInput)).toThrow(
      /^recurrent config: .*inputSize: .*units: .*dropout: .*layer/,
    );
    const unknown: object = { ...config, cell: "lstn" };
    expect(() => createRecurrent(unknown as RecurrentConfigInput)).toThrow(
      /^recurrent config: cell: .*"lstm-peephole"/,
    );
  });

  test("checks the config of an encoder", () => {
    expect(() => createEncoder({ ...config, connections: "dense", timeReduction: 2 })).toThrow(
      "encoder config: timeReduction: dense connections require layers with equal numbers of steps",
    );
  });
});

test.each(cells)("%s learns to reproduce the first input at the end", (cell) => {
  const [rows, steps] = [4, 3];
  const stack = createRecurrent({ ...config, cell }, createRandom(1));
  const read = new Linear(4, 1, createRandom(2));
  const input = normal<tf.Rank.R3>([rows, steps, 3], 3);
  const first = tf.slice(input, [0, 0, 0], [-1, 1, 1]);
  const initial = stack.initialState(rows);
  const optimizer = tf.train.adam(0.05);
  const loss = () => {
    const predicted = read.forward(unroll(stack, input, initial).output);
    const last = tf.slice(predicted, [0, steps - 1, 0]);
    return tf.losses.meanSquaredError(first, last) as tf.Scalar;
  };
  const losses = Array.from({ length: 40 }, () => {
    const value = optimizer.minimize(loss, true);
    return value?.dataSync()[0] ?? Number.NaN;
  });
  expect(losses[0]).toBeGreaterThan(0.5);
  expect(losses.at(-1)).toBeLessThan(0.05);
});
