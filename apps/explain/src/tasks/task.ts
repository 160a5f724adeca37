import type { Linear } from "@attend/nn";
import type { Random, tf } from "@attend/runtime";
import type { TaskName } from "../config.ts";

/** A task that asks for something from the start of a sequence at its end. */
export interface SequenceTask {
  readonly name: TaskName;
  readonly inputSize: number;
  readonly outputSize: number;
  /** Steps of a sequence over which something is to be remembered for `length` steps. */
  steps(length: number): number;
  /** The loss of the best answer that remembers nothing. */
  baseline(length: number): number;
  /** `count` new sequences; the caller disposes them. */
  draw(length: number, count: number, random: Random): TaskBatch;
}

/** Sequences of a task, and how well a network does on them. */
export interface TaskBatch {
  /** `[batch, steps, inputSize]` */
  readonly input: tf.Tensor3D;
  /**
   * What is trained on, a mean over the batch.
   *
   * @param hidden `[batch, steps, units]`
   */
  loss(hidden: tf.Tensor3D, readout: Linear): tf.Scalar;
  /** Only what has to be remembered: its gradient must come all the way back. */
  recallLoss(hidden: tf.Tensor3D, readout: Linear): tf.Scalar;
  /** Frees the sequences. */
  dispose(): void;
}
