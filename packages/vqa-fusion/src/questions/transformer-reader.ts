import { Linear } from "@attend/nn";
import type { Random } from "@attend/runtime";
import type { TransformerQuestionConfig } from "../config.ts";
import type { Words } from "../fusion.ts";
import { SelfAttention } from "../self-attention.ts";
import { meanOf } from "./mean.ts";
import { QuestionReader, type ReadQuestion } from "./question-reader.ts";

/** The encoder of a Transformer over the words; the question's vector is their mean. */
export class TransformerReader extends QuestionReader {
  readonly size: number;
  readonly vectorSize: number;
  readonly input: Linear;
  readonly encoder: SelfAttention;

  constructor(config: TransformerQuestionConfig, inputSize: number, random: Random | undefined) {
    super();
    this.size = config.size;
    this.vectorSize = config.size;
    this.input = new Linear(inputSize, config.size, random);
    this.encoder = new SelfAttention(config, random);
  }

  read({ vectors, lengths }: Words, random?: Random): ReadQuestion {
    const words = this.encoder.forward(this.input.forward(vectors), lengths, random).output;
    return { words, vector: meanOf({ vectors: words, lengths }) };
  }
}
