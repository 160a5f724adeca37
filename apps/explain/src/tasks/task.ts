import type { Linear } from "@attend/nn";
import type { Random, tf } from "@attend/runtime";
import type { TaskName } from "../config.ts";

/** A task whose answer at the end of a sequence depends on its start. */
export interface SequenceTask {
  readonly name: TaskName;
  readonly inputSize: number;
  readonly outputSize: number;
  /** Steps of a sequence that requires remembering something for `length` steps. */
  steps(length: number): number;
  /** The loss of the best answer without memory. */
  baseline(length: number): number;
  /** Creates `count` new sequences; the caller disposes them. */
  sample(length: number, count: number, random: Random): TaskBatch;
}

/** Sequences of a task, and a network's losses on them. */
export interface TaskBatch {
  /** `[batch, steps, inputSize]` */
  readonly input: tf.Tensor3D;
  /**
   * The training loss, a mean over the batch.
   *
   * @param hidden `[batch, steps, units]`
   */
  loss(hidden: tf.Tensor3D, readout: Linear): tf.Scalar;
  /** The loss for what has to be remembered, whose gradient must reach the start. */
  recallLoss(hidden: tf.Tensor3D, readout: Linear): tf.Scalar;
  /** Frees the sequences. */
  dispose(): void;
}
