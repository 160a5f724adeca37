import { glorotUniform, orthogonal, type Parameter, parameter, zeros } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { Cell, type HiddenState, type Step } from "../cell.ts";

/** A cell with gates computed from `x_t W_x + h_{t-1} W_h`. A step is a sequence of length 1. */
export abstract class KernelCell<State extends HiddenState> extends Cell<State> {
  readonly inputSize: number;
  readonly units: number;
  /** W_x, `[inputSize, gates * units]` */
  readonly inputKernel: Parameter<tf.Rank.R2>;
  /** W_h, `[units, gates * units]` */
  readonly recurrentKernel: Parameter<tf.Rank.R2>;

  /**
   * Initializes W_x Glorot-uniform, and each gate's part of W_h orthogonal.
   *
   * @param random without it the weights are zero, to be loaded
   */
  constructor(inputSize: number, units: number, gates: number, random: Random | undefined) {
    super();
    this.inputSize = inputSize;
    this.units = units;
    this.inputKernel = parameter(glorotUniform(random)<tf.Rank.R2>([inputSize, gates * units]));
    this.recurrentKernel = parameter(orthogonalGates(units, gates, random));
  }

  /** A sequence of one step. */
  step(input: tf.Tensor2D, state: State): Step<State> {
    const { output, state: next } = this.sequence(tf.expandDims(input, 1), state);
    return { output: tf.squeeze(output, [1]), state: next };
  }
}

/** `[units, gates * units]` with each gate's part orthogonal (Saxe et al. 2014). */
export function orthogonalGates(
  units: number,
  gates: number,
  random: Random | undefined,
): tf.Tensor2D {
  if (random === undefined) return zeros<tf.Rank.R2>([units, gates * units]);
  return tf.tidy(() =>
    tf.concat2d(
      Array.from({ length: gates }, () => orthogonal(random)([units, units])),
      1,
    ),
  );
}

/**
 * `[gates * units]`: 1 for the forget gate, so that an untrained network remembers (Jozefowicz et al.
 * 2015), and 0 for the others.
 */
export function forgetBias(gates: number, forget: number, units: number): tf.Tensor1D {
  return tf.tensor1d(
    Array.from({ length: gates * units }, (_, i) => (Math.floor(i / units) === forget ? 1 : 0)),
  );
}
