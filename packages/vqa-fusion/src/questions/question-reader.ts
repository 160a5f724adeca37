import { Module } from "@attend/nn";
import type { Random, tf } from "@attend/runtime";
import type { Words } from "../fusion.ts";

/** A question that was read. */
export interface ReadQuestion {
  /** Each word in its context, `[rows, steps, size]`; whatever is past a question's length is to be ignored. */
  readonly words: tf.Tensor3D;
  /** The question as one vector, `[rows, vectorSize]`. */
  readonly vector: tf.Tensor2D;
}

/** Reads the words of questions. Created by `createQuestionReader`. */
export abstract class QuestionReader extends Module {
  /** Size of a word that was read. */
  abstract readonly size: number;
  /** Size of a question as one vector. */
  abstract readonly vectorSize: number;

  /** The surrounding scope owns the result; `random` enables dropout. */
  abstract read(words: Words, random?: Random): ReadQuestion;
}
