import { dropout, Linear, Module, type Parameter, parameter, ScaledEmbedding } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { readoutSizeOf, type Seq2seqConfig } from "./config.ts";

/** The vocabularies' side of the network: words to vectors, and vectors to the logits of words. */
export class Words extends Module {
  readonly #embeddingDropout: number;
  /** Absent where source and target are of one table. */
  readonly source: ScaledEmbedding | undefined;
  readonly target: ScaledEmbedding;
  /** Absent where the target's table is the output's kernel. */
  readonly output: Linear | undefined;
  /** `[targetVocabulary]`, with the target's table as kernel. */
  readonly outputBias: Parameter<tf.Rank.R1> | undefined;

  constructor(config: Seq2seqConfig, random: Random | undefined) {
    super();
    const { sourceVocabularySize, targetVocabularySize, embeddingSize, tiedEmbeddings } = config;
    this.#embeddingDropout = config.embeddingDropout;
    this.source =
      tiedEmbeddings === "all"
        ? undefined
        : new ScaledEmbedding(sourceVocabularySize, embeddingSize, random);
    this.target = new ScaledEmbedding(targetVocabularySize, embeddingSize, random);
    const tied = tiedEmbeddings !== "none";
    this.output = tied
      ? undefined
      : new Linear(readoutSizeOf(config), targetVocabularySize, random);
    this.outputBias = tied ? parameter(tf.zeros<tf.Rank.R1>([targetVocabularySize])) : undefined;
  }

  /** `[rows, positions] -> [rows, positions, embedding]` */
  ofSource(tokens: tf.Tensor2D, random: Random | undefined): tf.Tensor3D {
    return this.#dropped((this.source ?? this.target).forward(tokens), random);
  }

  /** `[rows, steps] -> [rows, steps, embedding]` */
  ofTarget(tokens: tf.Tensor2D, random: Random | undefined): tf.Tensor3D {
    return this.#dropped(this.target.forward(tokens), random);
  }

  /** `[rows] -> [rows, embedding]` */
  ofStep(tokens: tf.Tensor1D): tf.Tensor2D {
    return this.target.forward(tokens) as tf.Tensor2D;
  }

  /** `[rows, size] -> [rows, targetVocabulary]` */
  project(features: tf.Tensor2D): tf.Tensor2D {
    return this.output?.forward(features) ?? this.target.logits(features, this.outputBias);
  }

  #dropped(words: tf.Tensor, random: Random | undefined): tf.Tensor3D {
    const [rows = 0, steps = 0] = words.shape;
    return dropout(words as tf.Tensor3D, this.#embeddingDropout, random, {
      shape: [rows, steps, 1],
    });
  }
}
