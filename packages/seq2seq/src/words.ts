import { dropout, Embedding, Linear, Module, normal, type Parameter, parameter } from "@attend/nn";
import { denseProduct, type Random, tf } from "@attend/runtime";
import { readoutSizeOf, type Seq2seqConfig } from "./config.ts";

/**
 * The vocabularies' side of the network: words to vectors, and vectors to the logits of words. A table's rows
 * begin with length 1 and go in scaled by sqrt(embeddingSize), so that what a cell gets is of deviation 1 and
 * first logits of a shared table are small (Vaswani et al. 2017, section 3.4).
 */
export class Words extends Module {
  readonly #embeddingDropout: number;
  readonly #scale: number;
  /** Absent where source and target are of one table. */
  readonly source: Embedding | undefined;
  readonly target: Embedding;
  /** Absent where the target's table is the output's kernel. */
  readonly output: Linear | undefined;
  /** `[targetVocabulary]`, with the target's table as kernel. */
  readonly outputBias: Parameter<tf.Rank.R1> | undefined;

  constructor(config: Seq2seqConfig, random: Random | undefined) {
    super();
    const { sourceVocabularySize, targetVocabularySize, embeddingSize, tiedEmbeddings } = config;
    this.#embeddingDropout = config.embeddingDropout;
    this.#scale = embeddingSize ** 0.5;
    const initializer = normal(random, embeddingSize ** -0.5);
    this.source =
      tiedEmbeddings === "all"
        ? undefined
        : new Embedding(sourceVocabularySize, embeddingSize, random, { initializer });
    this.target = new Embedding(targetVocabularySize, embeddingSize, random, { initializer });
    const tied = tiedEmbeddings !== "none";
    this.output = tied
      ? undefined
      : new Linear(readoutSizeOf(config), targetVocabularySize, random);
    this.outputBias = tied ? parameter(tf.zeros<tf.Rank.R1>([targetVocabularySize])) : undefined;
  }

  /** `[rows, positions] -> [rows, positions, embedding]` */
  ofSource(tokens: tf.Tensor2D, random: Random | undefined): tf.Tensor3D {
    return this.#dropped(this.#vectors(this.source ?? this.target, tokens), random);
  }

  /** `[rows, steps] -> [rows, steps, embedding]` */
  ofTarget(tokens: tf.Tensor2D, random: Random | undefined): tf.Tensor3D {
    return this.#dropped(this.#vectors(this.target, tokens), random);
  }

  /** `[rows] -> [rows, embedding]` */
  ofStep(tokens: tf.Tensor1D): tf.Tensor2D {
    return this.#vectors<tf.Tensor2D>(this.target, tokens);
  }

  /** `[rows, size] -> [rows, targetVocabulary]` */
  project(features: tf.Tensor2D): tf.Tensor2D {
    if (this.output !== undefined) return this.output.forward(features);
    const { outputBias: bias } = this;
    return denseProduct(features, this.target.table, { bias, transposed: true });
  }

  #vectors<T extends tf.Tensor = tf.Tensor3D>(table: Embedding, tokens: tf.Tensor): T {
    return tf.mul<T>(table.forward(tokens), this.#scale);
  }

  #dropped(words: tf.Tensor3D, random: Random | undefined): tf.Tensor3D {
    const [rows, steps] = words.shape;
    return dropout(words, this.#embeddingDropout, random, {
      shape: [rows, steps, 1],
    });
  }
}
