import type { Parameter } from "@attend/nn";
import { hasFusedKernels, isNative, type tf } from "@attend/runtime";
import { ComposedAdam, NativeAdam } from "./adam.ts";
import type { OptimizerConfig } from "./config.ts";
import { FusedAdam } from "./fused-adam.ts";
import { Sgd } from "./sgd.ts";
import type { Slot } from "./slot.ts";

/** A parameter and how its group trains it. */
export interface TrainedParameter {
  readonly name: string;
  readonly parameter: Parameter;
  readonly learningRateScale: number;
  /** 0 for parameters with one axis or none: biases and the scales of normalisation. */
  readonly weightDecay: number;
}

export interface Optimizer {
  /**
   * Updates every parameter that has a gradient.
   *
   * @param gradients by the parameter's name; the caller disposes them.
   * @param step number of this update, the first being 1.
   */
  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number, step: number): void;
  /** Its state by name, for a checkpoint: `adam.m/decoder.kernel`. */
  slots(): ReadonlyMap<string, Slot>;
  dispose(): void;
}

/** Makes the fastest optimiser for these parameters that the engine has. */
export function createOptimizer(
  config: OptimizerConfig,
  trained: readonly TrainedParameter[],
): Optimizer {
  if (config.name === "sgd") return new Sgd(config, trained);
  if (hasFusedKernels()) return new FusedAdam(config, trained);
  return isNative() ? new NativeAdam(config, trained) : new ComposedAdam(config, trained);
}
