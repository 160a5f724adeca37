import { z } from "zod";

/** How an `AttentionDecoder` is built; plain JSON. */
export const attentionDecoderConfigSchema = z.strictObject({
  vocabularySize: z.number().int().min(4),
  /** Channels of the encoder's map. */
  memorySize: z.number().int().positive(),
  embeddingSize: z.number().int().positive().default(512),
  hiddenSize: z.number().int().positive().default(512),
  attentionSize: z.number().int().positive().default(512),
  score: z.enum(["dot", "additive"]).default("dot"),
  /**
   * When the decoder looks. "before": the context of the previous state goes into the LSTM ("Show,
   * Attend and Tell", Xu et al. 2015), which forces a loop over the steps. "after": the LSTM's new state
   * looks (Lu et al. 2017), so that the whole caption runs in one fused kernel.
   */
  placement: z.enum(["before", "after"]).default("after"),
  /** A second LSTM that reads what the first one saw and speaks (Anderson et al. 2018, section 3.2). */
  languageLayer: z.boolean().default(false),
  /** The gate beta that scales each context (Xu et al. 2015, section 4.2.1). */
  gate: z.boolean().default(true),
  dropout: z.number().min(0).max(0.95).default(0.5),
  /**
   * How many of the encoder's channels are dropped in training, the same at every position of a picture:
   * the features of a picture are always the same, and few pictures are soon known by heart.
   */
  memoryDropout: z.number().min(0).max(0.95).default(0),
});

/** An attention decoder's configuration with every default filled in. */
export type AttentionDecoderConfig = z.output<typeof attentionDecoderConfigSchema>;
/** An attention decoder's configuration as it is written: what has a default may be absent. */
export type AttentionDecoderConfigInput = z.input<typeof attentionDecoderConfigSchema>;
