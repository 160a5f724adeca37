import { createRandom, tf } from "@attend/runtime";
import { expectClose, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  CoupledLstmCell,
  GruCell,
  LayerNormLstmCell,
  LstmCell,
  PeepholeLstmCell,
  RnnCell,
} from "../src/index.ts";
import { describeCell } from "./support/cell-suite.ts";
import { size } from "./support/cells.ts";

useEngine();

const random = () => createRandom(7);

describeCell("rnn", () => new RnnCell(size, size, random()));
describeCell("rnn, relu", () => new RnnCell(size, size, random(), { activation: "relu" }));
describeCell("lstm", () => new LstmCell(size, size, random()));
describeCell("peephole lstm", () => new PeepholeLstmCell(size, size, random()));
describeCell("coupled lstm", () => new CoupledLstmCell(size, size, random()));
describeCell("layer-norm lstm", () => new LayerNormLstmCell(size, size, random()));
describeCell("gru", () => new GruCell(size, size, random()));
describeCell("gru, reset before", () => new GruCell(size, size, random(), { reset: "before" }));

describe("initial weights", () => {
  test.each([
    ["lstm", () => new LstmCell(3, size, random()), "bias", 4, 2],
    ["coupled lstm", () => new CoupledLstmCell(3, size, random()), "bias", 3, 1],
    ["layer-norm lstm", () => new LayerNormLstmCell(3, size, random()), "inputNorm.offset", 4, 2],
  ] as const)("%s: the forget gate's bias is 1, the others 0", (_, make, name, gates, forget) => {
    const expected = Array.from({ length: gates }, (_, gate) =>
      Array(size).fill(+(gate === forget)),
    );
    expectClose(make().namedParameters().get(name) ?? 0, expected.flat());
  });

  test("recurrent kernels are orthogonal, gate by gate", () => {
    const kernels = [
      tf.slice(new LstmCell(3, size, random()).kernel, [3, 0]),
      new GruCell(3, size, random()).recurrentKernel,
      new RnnCell(3, size, random()).recurrentKernel,
    ];
    for (const kernel of kernels) {
      for (const gate of tf.split(kernel, kernel.shape[1] / size, 1)) {
        expectClose(tf.matMul(gate, gate, true), tf.eye(size));
      }
    }
  });

  test("are seeded, and zero without random", () => {
    const kernelOf = (seed: number) => new GruCell(3, size, createRandom(seed)).inputKernel;
    expectClose(kernelOf(5), kernelOf(5), 0);
    expect(() => expectClose(kernelOf(5), kernelOf(6))).toThrow("not close");
    expectClose(new GruCell(3, size, undefined).recurrentKernel, tf.zeros([size, 3 * size]), 0);
  });
});
