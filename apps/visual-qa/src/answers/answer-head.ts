import type { Module } from "@attend/nn";
import type { Random, tf } from "@attend/runtime";
import type { Image } from "@attend/vqa-fusion";
import type { Target } from "../dataset.ts";

/** The answers of a batch of questions, to learn from. */
export interface BatchTargets {
  /**
   * The mean loss. Call it inside `tf.tidy`.
   *
   * @param joint questions and images as vectors, `[rows, size]`
   * @param random enables dropout
   */
  loss(joint: tf.Tensor2D, image: Image, random?: Random): tf.Scalar;
  /** What the loss is the mean of: questions or words. */
  readonly items: number;
  dispose(): void;
}

/** The answers that a question may have, with their scores: the higher, the more likely. */
export interface Candidates {
  readonly answers: readonly string[];
  readonly logits: Float32Array;
}

/** The part of the network that gives answers. */
export interface AnswerHead extends Module {
  /**
   * What is learned for a question.
   *
   * @param given the answers that people gave
   * @param options.soft learn the answers of all rather than the most common one
   * @returns undefined if the model cannot give such an answer
   */
  targetOf(given: readonly string[], options: { soft: boolean }): Target | undefined;
  /** Prepares a batch of {@link targetOf}'s results; the caller disposes it. */
  load(targets: readonly Target[]): BatchTargets;
  /** The possible answers to each question. */
  answer(joint: tf.Tensor2D, image: Image): Candidates[];
}
