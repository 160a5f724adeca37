import type { Random, tf } from "@attend/runtime";
import type { Slot } from "./slot.ts";

/** What a module is trained on, and by which loss. The trainer knows no more of an app than this. */
export interface TrainingTask<Plan, Batch> {
  /**
   * What goes on from batch to batch without being trained, by name, such as the state of a recurrent
   * network between two chunks of a text. `loss` reads and writes it; a checkpoint holds it.
   */
  readonly carried?: ReadonlyMap<string, Slot>;

  /** The batches of an epoch (the first is 0), decided by the arguments alone; cheap. */
  plan(epoch: number, random: Random): readonly Plan[];

  /** Reads a batch. It runs while the step of the batch before it does. */
  load(plan: Plan, random: Random): Promise<Batch>;

  /**
   * Changes a batch right before its step, with the current weights: what self-critical training
   * samples, for instance. Takes `batch` over: what the result does not hold is to be disposed here.
   */
  prepare?(batch: Batch, random: Random): Promise<Batch>;

  /** The loss, in a `tf.tidy`: what the trainer differentiates. */
  loss(batch: Batch, random: Random): Loss;

  /** Disposes a batch's tensors. */
  release(batch: Batch): void;
}

/**
 * Measures the module as it is now: metrics by name. Disposes what it makes, and may throw INTERRUPTED.
 */
export type Validate = () => Promise<Readonly<Record<string, number>>>;

/** What a batch gives: a loss to differentiate, and what is told of it. */
export interface Loss {
  /** A mean over the batch. */
  readonly loss: tf.Scalar;
  /** Logged beside the loss; not differentiated. */
  readonly metrics?: Readonly<Record<string, tf.Scalar>>;
  /**
   * How many items (words, photos) the mean is of; default 1. With `accumulate` it weights the batches,
   * so that their gradients are those of one large batch. The log has items per second.
   */
  readonly items?: number;
}
