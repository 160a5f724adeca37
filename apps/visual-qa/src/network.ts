import { type AnyEncoder, createEncoder } from "@attend/cnn-encoder";
import { Module } from "@attend/nn";
import type { Random, tf } from "@attend/runtime";
import {
  AnswerClasses,
  createFusion,
  type Fused,
  type Fusion,
  type Image,
  type Question,
} from "@attend/vqa-fusion";
import type { AnswererConfig } from "./config.ts";

/** Image encoder, fusion with the question, and the scores of the answers. */
export class AnsweringNetwork extends Module {
  readonly encoder: AnyEncoder;
  readonly fusion: Fusion;
  readonly answers: AnswerClasses;

  /** @param random initializes the weights; without it they are zero, to be loaded later */
  constructor(config: AnswererConfig, answerCount: number, random?: Random) {
    super();
    this.encoder = createEncoder(config.encoder, random);
    this.fusion = createFusion(config.fusion, random);
    this.answers = new AnswerClasses(
      this.fusion.size,
      answerCount,
      { dropout: config.dropout },
      random,
    );
  }

  /**
   * Scores every answer. Call it inside `tf.tidy`.
   *
   * @param random enables dropout
   * @returns logits `[rows, answers]`, and the attention of each hop, `[rows, hops, positions]`
   */
  score(
    question: Question,
    image: Image,
    random?: Random,
  ): Pick<Fused, "attention"> & { logits: tf.Tensor2D } {
    const { joint, attention } = this.fusion.fuse(question, image, { random });
    return { logits: this.answers.logits(joint, { random }), ...(attention && { attention }) };
  }
}
