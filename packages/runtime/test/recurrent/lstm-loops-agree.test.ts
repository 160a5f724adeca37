import { beforeAll, describe, expect, it } from "vitest";
import { loadEngine, lstmSequence, lstmStep, tf } from "../../src/index.ts";
import { plainLstm } from "../../src/recurrent/lstm.ts";
import { stepLoop } from "../../src/recurrent/step-loop.ts";
import { distance, expectToAgree, filled } from "./support/agree.ts";

beforeAll(async () => {
  await loadEngine();
});

interface Case {
  readonly batch: number;
  readonly steps: number;
  readonly inputSize: number;
  readonly units: number;
  readonly peephole?: boolean;
  readonly lengths?: readonly number[];
}

type Inputs = [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.Tensor2D?];

function inputsOf({ batch, steps, inputSize, units, peephole }: Case): tf.Tensor[] {
  return [
    filled<tf.Rank.R3>([batch, steps, inputSize]),
    filled<tf.Rank.R2>([batch, units]),
    filled<tf.Rank.R2>([batch, units]),
    filled<tf.Rank.R2>([inputSize + units, 4 * units], 0.3),
    filled<tf.Rank.R1>([4 * units]),
    ...(peephole ? [filled<tf.Rank.R2>([3, units])] : []),
  ];
}

const lengthsOf = ({ lengths }: Case) => lengths && tf.tensor1d([...lengths], "int32");

function fast(each: Case) {
  return (...inputs: tf.Tensor[]) => {
    const [x, h, c, kernel, bias, peephole] = inputs as Inputs;
    const options = { lengths: lengthsOf(each) };
    const { output, state } = lstmSequence(x, { h, c }, { kernel, bias, peephole }, options);
    return [output, state.h, state.c];
  };
}

function plain(each: Case) {
  return (...inputs: tf.Tensor[]) => {
    const [x, h, c, kernel, bias, peephole] = inputs as Inputs;
    const cell = plainLstm({ kernel, bias, peephole });
    const { output, state } = stepLoop(cell, x, { h, c }, lengthsOf(each));
    return [output, state.h, state.c];
  };
}

describe("lstmSequence equals the plain loop, forwards and backwards", () => {
  const cases: Case[] = [
    { batch: 3, steps: 5, inputSize: 4, units: 6 },
    { batch: 1, steps: 4, inputSize: 3, units: 1 },
    { batch: 1, steps: 3, inputSize: 5, units: 150 }, // one row for several threads
    { batch: 2, steps: 1, inputSize: 4, units: 5 },
    { batch: 2, steps: 1, inputSize: 4, units: 5, lengths: [1, 0] },
    { batch: 23, steps: 3, inputSize: 8, units: 17 },
    { batch: 13, steps: 4, inputSize: 2, units: 64 },
    { batch: 7, steps: 3, inputSize: 2, units: 33 },
    { batch: 3, steps: 5, inputSize: 4, units: 6, peephole: true },
    { batch: 2, steps: 1, inputSize: 4, units: 6, peephole: true },
    { batch: 9, steps: 4, inputSize: 4, units: 49, peephole: true },
    { batch: 4, steps: 6, inputSize: 3, units: 20, lengths: [6, 3, 1, 0] },
    {
      batch: 8,
      steps: 5,
      inputSize: 3,
      units: 20,
      lengths: [2, 1, 1, 2, 5, 3, 4, 0],
      peephole: true,
    },
  ];
  it.each(cases)("%j", (each) => {
    tf.tidy(() => expectToAgree(fast(each), plain(each), inputsOf(each)));
  });
});

describe("lstmStep", () => {
  it("with peepholes equals a sequence of one step, backwards, too", () => {
    const each = { batch: 3, steps: 1, inputSize: 4, units: 6, peephole: true };
    const step = (...inputs: tf.Tensor[]) => {
      const [x, h, c, kernel, bias, peephole] = inputs as Inputs;
      const next = lstmStep(tf.squeeze(x, [1]), { h, c }, { kernel, bias, peephole });
      return [tf.expandDims(next.h, 1), next.h, next.c];
    };
    tf.tidy(() => expectToAgree(step, plain(each), inputsOf(each)));
  });
});

describe("a sequence", () => {
  const each: Case = { batch: 5, steps: 9, inputSize: 4, units: 19 };

  it("in pieces equals the whole", () => {
    const [x, h, c, kernel, bias] = inputsOf(each) as Inputs;
    const weights = { kernel, bias };
    const whole = lstmSequence(x, { h, c }, weights);
    const [first, rest] = tf.split(x, [4, 5], 1) as [tf.Tensor3D, tf.Tensor3D];
    const before = lstmSequence(first, { h, c }, weights);
    const after = lstmSequence(rest, before.state, weights);
    const joined = tf.concat([before.output, after.output], 1);
    expect(distance(joined, whole.output)).toBeLessThan(1e-6);
    expect(distance(after.state.c, whole.state.c)).toBeLessThan(1e-6);
  });

  it("does not see what lies behind its length", () => {
    const [x, h, c, kernel, bias] = inputsOf(each) as Inputs;
    const lengths = tf.tensor1d([9, 2, 5, 1, 0], "int32");
    const broken = tf.where(
      tf.expandDims(tf.less(tf.range(0, 9, 1, "int32"), tf.expandDims(lengths, 1)), 2),
      x,
      tf.fill(x.shape, Number.NaN),
    ) as tf.Tensor3D;
    const run = (input: tf.Tensor3D) =>
      lstmSequence(input, { h, c }, { kernel, bias }, { lengths });
    const [clean, same] = [run(x), run(broken)];
    expect(distance(clean.output, same.output)).toBe(0);
    expect(distance(clean.state.c, same.state.c)).toBe(0);
    expect(
      clean.output
        .arraySync()[1]
        ?.slice(2)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
    expect(distance(tf.slice(clean.state.h, 4, 1), tf.slice(h, 4, 1))).toBe(0);
  });

  it("leaves no tensor behind, with all options", () => {
    const inputs = inputsOf({ ...each, peephole: true });
    const f = fast({ ...each, peephole: true, lengths: [9, 2, 5, 1, 3] });
    const gradients = tf.grads((...x: tf.Tensor[]) => tf.sum(f(...x)[0] as tf.Tensor));
    tf.dispose(gradients(inputs));
    const before = tf.memory().numTensors;
    tf.dispose(gradients(inputs));
    expect(tf.memory().numTensors).toBe(before);
  });
});
