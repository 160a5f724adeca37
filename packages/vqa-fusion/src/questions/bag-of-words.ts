import { dropout } from "@attend/nn";
import type { Random } from "@attend/runtime";
import type { BagOfWordsConfig } from "../config.ts";
import type { Words } from "../fusion.ts";
import { meanOf } from "./mean.ts";
import { QuestionReader, type ReadQuestion } from "./question-reader.ts";

/** The mean of the words' vectors, whatever their order (iBOWIMG, Zhou et al. 2015). */
export class BagOfWords extends QuestionReader {
  readonly size: number;
  readonly vectorSize: number;
  readonly #dropout: number;

  constructor(config: BagOfWordsConfig, inputSize: number) {
    super();
    this.size = inputSize;
    this.vectorSize = inputSize;
    this.#dropout = config.dropout;
  }

  read({ vectors, lengths }: Words, random?: Random): ReadQuestion {
    const words = dropout(vectors, this.#dropout, random);
    return { words, vector: meanOf({ vectors: words, lengths }) };
  }
}
