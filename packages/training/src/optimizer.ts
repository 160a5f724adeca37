import type { Parameter } from "@attend/nn";
import type { tf } from "@attend/runtime";
import type { Slot } from "./slot.ts";

/** A parameter with the settings of its group. */
export interface TrainedParameter {
  readonly name: string;
  readonly parameter: Parameter;
  readonly learningRateScale: number;
  /** 0 for parameters with fewer than two axes: biases and normalization scales. */
  readonly weightDecay: number;
}

export interface Optimizer {
  /**
   * Updates every parameter that has a gradient.
   *
   * @param gradients by the parameter's name; the caller disposes them
   * @param step number of this update, from 1
   */
  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number, step: number): void;
  /** Its state by name, for a checkpoint: `adam.m/decoder.kernel`. */
  slots(): ReadonlyMap<string, Slot>;
  dispose(): void;
}
