import { z } from "zod";

/** Configuration of an `AttentionDecoder`; plain JSON. */
export const attentionDecoderConfigSchema = z.strictObject({
  vocabularySize: z.number().int().min(4),
  /** The last words of the vocabulary, which name the encoding's `objects` and can be copied; 0 for none. */
  objectWords: z.number().int().nonnegative().default(0),
  /** Channels of the encoder's feature map. */
  memorySize: z.number().int().positive(),
  embeddingSize: z.number().int().positive().default(512),
  hiddenSize: z.number().int().positive().default(512),
  attentionSize: z.number().int().positive().default(512),
  score: z.enum(["dot", "additive"]).default("dot"),
  /**
   * When the decoder attends. "before": the previous state is the query, and the context an input of
   * the LSTM ("Show, Attend and Tell", Xu et al. 2015), which requires a loop over the steps. "after":
   * the LSTM's new state is the query (Lu et al. 2017), so that the entire caption runs in one fused
   * kernel.
   */
  placement: z.enum(["before", "after"]).default("after"),
  /** A second LSTM over the first one's output and context (Anderson et al. 2018, section 3.2). */
  languageLayer: z.boolean().default(false),
  /** The gate beta that scales each context (Xu et al. 2015, section 4.2.1). */
  gate: z.boolean().default(true),
  dropout: z.number().min(0).max(0.95).default(0.5),
  /**
   * Dropout rate of the encoder's channels, the same channels at all positions of an image. Helps
   * against overfitting if the training set is small and its features are fixed.
   */
  memoryDropout: z.number().min(0).max(0.95).default(0),
});

/** Configuration of an {@link AttentionDecoder} with all defaults. */
export type AttentionDecoderConfig = z.output<typeof attentionDecoderConfigSchema>;
/** Configuration of an {@link AttentionDecoder}; fields with a default may be omitted. */
export type AttentionDecoderConfigInput = z.input<typeof attentionDecoderConfigSchema>;
