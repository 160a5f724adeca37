import {
  gruSequence,
  lstmSequence,
  type RecurrentKernel,
  type SequenceOptions,
  tf,
  vanillaSequence,
} from "../../../src/index.ts";
import { plainGru } from "../../../src/recurrent/gru.ts";
import { plainLstm } from "../../../src/recurrent/lstm.ts";
import { plainVanilla } from "../../../src/recurrent/vanilla.ts";
import { filled } from "./agree.ts";

export type CellName = "lstm" | "peephole" | "gru" | "paper's gru" | "tanh" | "relu";

export interface Case {
  readonly cell: CellName;
  readonly batch: number;
  readonly steps: number;
  readonly inputSize: number;
  readonly units: number;
  readonly lengths?: readonly number[];
}

const gates = { lstm: 4, peephole: 4, gru: 3, "paper's gru": 3, tanh: 1, relu: 1 };

/** Input, h, bias, the kernel's parts, and the cell's other inputs. */
export function inputsOf({ cell, batch, steps, inputSize, units }: Case): tf.Tensor[] {
  const width = gates[cell] * units;
  const others = {
    lstm: () => [filled([batch, units])],
    peephole: () => [filled([batch, units]), filled([3, units])],
    gru: () => [filled([units])],
    "paper's gru": () => [],
    tanh: () => [],
    relu: () => [],
  };
  return [
    filled([batch, steps, inputSize]),
    filled([batch, units]),
    filled([width]),
    filled([inputSize, width], 0.3),
    filled([units, width], 0.3),
    ...others[cell](),
  ];
}

type Run = (...inputs: tf.Tensor[]) => tf.Tensor[];

/** The public functions, with the kernel in one part or two: output and last states. */
export function fast(each: Case, parts: boolean): Run {
  return run(each, parts, {
    lstm: lstmSequence,
    gru: gruSequence,
    vanilla: vanillaSequence,
  });
}

/** The same composed of TensorFlow operations, step by step. */
export function plain(each: Case): Run {
  return run(each, true, { lstm: plainLstm, gru: plainGru, vanilla: plainVanilla });
}

interface Sequences {
  readonly lstm: typeof lstmSequence;
  readonly gru: typeof gruSequence;
  readonly vanilla: typeof vanillaSequence;
}

function run({ cell, lengths }: Case, parts: boolean, by: Sequences): Run {
  return (...inputs) => {
    const [input, h, bias, ofInput, ofState, other, peephole] = inputs as [
      tf.Tensor3D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor?,
      tf.Tensor2D?,
    ];
    const kernel: RecurrentKernel = parts ? [ofInput, ofState] : tf.concat2d([ofInput, ofState], 0);
    const options: SequenceOptions = { lengths: lengths && tf.tensor1d([...lengths], "int32") };
    if (cell === "lstm" || cell === "peephole") {
      const initial = { h, c: other as tf.Tensor2D };
      const { output, state } = by.lstm(input, initial, { kernel, bias, peephole }, options);
      return [output, state.h, state.c];
    }
    const { output, h: last } =
      cell === "tanh" || cell === "relu"
        ? by.vanilla(input, h, { kernel, bias }, { ...options, activation: cell })
        : by.gru(input, h, { kernel, bias, candidateBias: other as tf.Tensor1D }, options);
    return [output, last];
  };
}
