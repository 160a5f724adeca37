import type { SourceBatch } from "@attend/decoding";
import { dropout, Embedding, LayerNorm, Module, type Parameter, parameter } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";
import { EncoderLayer } from "./layers.ts";
import { LearnedPositions } from "./positions.ts";

const count = z.number().int().positive();
const rate = z.number().min(0).lt(1);

/** Configuration of a {@link Bert}; plain JSON. */
export const bertConfigSchema = z
  .strictObject({
    vocabularySize: count,
    size: count,
    /** Must divide `size`. */
    heads: count,
    feedForwardSize: count,
    layers: count,
    /** Longer texts are an error. */
    maxPositions: count.default(512),
    normEpsilon: z.number().positive().default(1e-12),
    /** Of embeddings and of the output of each sublayer. */
    dropout: rate.default(0.1),
    attentionDropout: rate.default(0.1),
  })
  .refine(({ size, heads }) => size % heads === 0, {
    message: "the heads do not divide the size",
    path: ["heads"],
  });

/** Configuration of a {@link Bert} with all defaults. */
export type BertConfig = z.output<typeof bertConfigSchema>;
/** Configuration of a {@link Bert}; fields with a default may be omitted. */
export type BertConfigInput = z.input<typeof bertConfigSchema>;

/**
 * BERT's encoder (Devlin et al. 2019) for single texts: a vector for each token of a text, which depends on all others.
 * Layers are normalized after each sublayer, with GELU.
 */
export class Bert extends Module {
  readonly config: BertConfig;
  readonly words: Embedding;
  readonly positions: LearnedPositions;
  /** Marks the first text, the only one here. `[size]` */
  readonly segment: Parameter<tf.Rank.R1>;
  readonly norm: LayerNorm;
  readonly layers: readonly EncoderLayer[];

  /** @param random initializes the weights; without it they are zero, to be loaded */
  constructor(config: BertConfig, random?: Random) {
    super();
    const { vocabularySize, size, normEpsilon } = config;
    this.config = config;
    this.words = new Embedding(vocabularySize, size, random);
    this.positions = new LearnedPositions(config, random);
    this.segment = parameter(tf.zeros<tf.Rank.R1>([size]));
    this.norm = new LayerNorm(size, { epsilon: normEpsilon });
    const layer = { ...config, norm: "post", activation: "gelu", activationDropout: 0 } as const;
    this.layers = Array.from({ length: config.layers }, () => new EncoderLayer(layer, random));
  }

  /** As `Linear.pack`: it encodes short texts in half the time, and can be neither trained nor saved anymore. */
  pack(): void {
    for (const { attention, feedForward } of this.layers) {
      const { query, memory, output } = attention;
      for (const linear of [query, memory, output, feedForward.inner, feedForward.outer])
        linear.pack();
    }
  }

  /**
   * @param random enables dropout
   * @returns `[rows, positions, size]`; what follows a text's end means nothing. The caller owns it
   * @throws AttendError BAD_ARGUMENT for a text that is longer than `maxPositions`
   */
  encode({ tokens, lengths }: SourceBatch, options?: { random?: Random | undefined }): tf.Tensor3D {
    const random = options?.random;
    return tf.tidy(() => {
      const counts = tf.tensor1d([...lengths], "int32");
      const words = tf.add<tf.Tensor3D>(this.words.forward(tokens), this.segment);
      const embedded = this.norm.forward(this.positions.add(words, 0));
      let hidden = dropout(embedded, this.config.dropout, random);
      for (const layer of this.layers) {
        hidden = layer.forward(hidden, counts, { positions: this.positions, random }).output;
      }
      return hidden;
    });
  }
}

/**
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createBert(config: BertConfigInput, random?: Random): Bert {
  return new Bert(parseConfig(bertConfigSchema, config, "BERT config"), random);
}
