import { hasFusedKernels, isNative } from "@attend/runtime";
import { ComposedAdam, NativeAdam } from "./adam.ts";
import type { OptimizerConfig } from "./config.ts";
import { FusedAdam } from "./fused-adam.ts";
import type { Optimizer, TrainedParameter } from "./optimizer.ts";
import { Sgd } from "./sgd.ts";

/** Creates the fastest implementation of an optimizer that the engine supports. */
export function createOptimizer(
  config: OptimizerConfig,
  trained: readonly TrainedParameter[],
): Optimizer {
  if (config.name === "sgd") return new Sgd(config, trained);
  if (hasFusedKernels()) return new FusedAdam(config, trained);
  return isNative() ? new NativeAdam(config, trained) : new ComposedAdam(config, trained);
}
