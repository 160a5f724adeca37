import type { Random, tf } from "@attend/runtime";
import type { Slot } from "./slot.ts";

/** State that is carried from batch to batch, such as that of a recurrent network between two chunks of a text. */
export interface Carried {
  /**
   * The rows of each batch, which continue those of the one before. Of several processes, each loads only its
   * {@link ownRows} of every batch, and carries their state alone.
   */
  readonly rows: number;
  /** By name, `[own rows, ...]`. `loss` reads and writes them; a checkpoint has those of all rows. */
  readonly slots: ReadonlyMap<string, Slot>;
}

/** The data and the loss that a module is trained on: all that the trainer knows of an app. */
export interface TrainingTask<Plan, Batch> {
  /** If batches continue each other: what one leaves to the next. It is not trained. */
  readonly carried?: Carried;

  /** Plans the batches of an epoch (from 0), from the arguments alone; must be cheap. */
  plan(epoch: number, random: Random): readonly Plan[];

  /** Reads a batch, during the step of the previous one. */
  load(plan: Plan, random: Random): Promise<Batch>;

  /**
   * Changes a batch right before its step, with the current weights, such as by sampling for self-critical
   * training. Owns `batch`, and must dispose whatever the result does not contain.
   */
  prepare?(batch: Batch, random: Random): Promise<Batch>;

  /** The loss to differentiate; called in a `tf.tidy`. */
  loss(batch: Batch, random: Random): Loss;

  /** Disposes a batch's tensors. */
  release(batch: Batch): void;
}

/** What the module makes of one of the validation's inputs, as a person reads it. */
export interface ValidationExample {
  readonly input: string;
  readonly expected: string;
  readonly output: string;
}

/** Receives some examples of a validation. */
export type ShowExamples = (examples: readonly ValidationExample[]) => void;

/**
 * Evaluates the module's current weights: metrics by name. Disposes its tensors, and may throw INTERRUPTED.
 *
 * @param show receives some examples for the log, the same inputs each time; the first few are kept
 */
export type Validate = (show: ShowExamples) => Promise<Readonly<Record<string, number>>>;

/** A batch's loss and metrics. */
export interface Loss {
  /** A mean over the batch. */
  readonly loss: tf.Scalar;
  /** Logged with the loss, not differentiated. */
  readonly metrics?: Readonly<Record<string, tf.Scalar>>;
  /**
   * Number of items (words, photos) that the mean is over; default 1. `accumulate` weights batches by it, so
   * that their gradients equal those of one large batch. The log reports items per second.
   */
  readonly items?: number;
}
