import { glorotUniform, Module, orthogonal, type Parameter, parameter } from "@attend/nn";
import { type LstmState, lstmSequence, lstmStep, type Random, tf } from "@attend/runtime";
import type { Cell } from "./cell.ts";

/** Long short-term memory: see `lstmSequence` of the runtime for the equations and the gates' order. */
export class LstmCell extends Module implements Cell<LstmCellState> {
  readonly inputSize: number;
  readonly units: number;
  /** `[inputSize + units, 4 * units]` */
  readonly kernel: Parameter<tf.Rank.R2>;
  /** `[4 * units]` */
  readonly bias: Parameter<tf.Rank.R1>;

  /**
   * The input kernel is Glorot-uniform, each gate's recurrent kernel orthogonal, the forget gate's bias
   * 1 (Jozefowicz et al. 2015) and the others 0.
   */
  constructor(inputSize: number, units: number, random: Random | undefined) {
    super();
    this.inputSize = inputSize;
    this.units = units;
    this.kernel = parameter(
      tf.tidy(() => {
        const inputKernel = glorotUniform(random)<tf.Rank.R2>([inputSize, 4 * units]);
        const gates = Array.from({ length: 4 }, () => orthogonal(random)([units, units]));
        return tf.concat([inputKernel, tf.concat(gates, 1)], 0);
      }),
    );
    this.bias = parameter(
      tf.tidy(() => tf.concat([tf.zeros([2 * units]), tf.ones([units]), tf.zeros([units])])),
    );
  }

  initialState(batch: number): LstmCellState {
    return { h: tf.zeros([batch, this.units]), c: tf.zeros([batch, this.units]) };
  }

  step(input: tf.Tensor2D, state: LstmCellState) {
    const next = lstmStep(input, state, this);
    return { output: next.h, state: { ...next } };
  }

  zipStates(
    a: LstmCellState,
    b: LstmCellState,
    zip: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D,
  ): LstmCellState {
    return { h: zip(a.h, b.h), c: zip(a.c, b.c) };
  }

  sequence(input: tf.Tensor3D, state: LstmCellState) {
    const { output, state: next } = lstmSequence(input, state, this);
    return { output, state: { ...next } };
  }
}

/** The LSTM's state as a record of tensors. */
export type LstmCellState = { readonly [Key in keyof LstmState]: LstmState[Key] };
