import { dropout, Linear, Module, type Parameter, parameter, ScaledEmbedding } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { readoutSizeOf, type Seq2seqConfig } from "./config.ts";

/** The embeddings of source and target, and the output layer. */
export class Words extends Module {
  readonly #embeddingDropout: number;
  /** Undefined if source and target share a table. */
  readonly source: ScaledEmbedding | undefined;
  readonly target: ScaledEmbedding;
  /** Undefined if the output shares the target's table. */
  readonly output: Linear | undefined;
  /** `[targetVocabulary]`, if the output shares the target's table. */
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
    return this.#dropWords((this.source ?? this.target).forward(tokens), random);
  }

  /** `[rows, steps] -> [rows, steps, embedding]` */
  ofTarget(tokens: tf.Tensor2D, random: Random | undefined): tf.Tensor3D {
    return this.#dropWords(this.target.forward(tokens), random);
  }

  /** `[rows] -> [rows, embedding]` */
  ofStep(tokens: tf.Tensor1D): tf.Tensor2D {
    return this.target.forward(tokens) as tf.Tensor2D;
  }

  /** `[rows, size] -> [rows, targetVocabulary]` */
  project(features: tf.Tensor2D): tf.Tensor2D {
    return this.output?.forward(features) ?? this.target.logits(features, this.outputBias);
  }

  #dropWords(words: tf.Tensor, random: Random | undefined): tf.Tensor3D {
    const [rows = 0, steps = 0] = words.shape;
    return dropout(words as tf.Tensor3D, this.#embeddingDropout, random, {
      shape: [rows, steps, 1],
    });
  }
}
