import { type AnyEncoder, createEncoder } from "@attend/cnn-encoder";
import { Module } from "@attend/nn";
import type { Random } from "@attend/runtime";
import { createFusion, type Fusion } from "@attend/vqa-fusion";
import type { AnswerHead } from "./answers/answer-head.ts";
import { ClassHead } from "./answers/class-head.ts";
import { GeneratedHead } from "./answers/generated-head.ts";
import type { AnswererConfig } from "./config.ts";

/** Image encoder, fusion with the question, and the answers. */
export class AnsweringNetwork extends Module {
  readonly encoder: AnyEncoder;
  readonly fusion: Fusion;
  readonly answers: AnswerHead;

  /**
   * @param answers the classes, or the words of generated answers
   * @param random initializes the weights; without it they are zero, to be loaded later
   */
  constructor(config: AnswererConfig, answers: readonly string[], random?: Random) {
    super();
    this.encoder = createEncoder(config.encoder, random);
    this.fusion = createFusion(config.fusion, random);
    const sizes = { size: this.fusion.size, channels: config.fusion.channels };
    const { answers: head, dropout } = config;
    this.answers =
      head.kind === "classes"
        ? new ClassHead(sizes.size, answers, { loss: head.loss, dropout }, random)
        : new GeneratedHead(sizes, answers, head, random);
  }
}
