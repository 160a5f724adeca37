import { lengthMask } from "@attend/attention";
import type { CtcFrames, DecodingTokens } from "@attend/decoding";
import { Linear, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { type Seq2seqEncoding, Speller, seq2seqConfigSchema } from "@attend/seq2seq";
import type { NetworkConfig } from "./config.ts";
import { type Heard, Listener } from "./listener.ts";

/**
 * A listener with two ways to read it: the labels of each step, for connectionist temporal classification (Graves et al.
 * 2006), and, if configured, a speller that attends to it (listen, attend and spell: Chan et al. 2016). Trained together,
 * each keeps the other from going astray (Kim, Hori & Watanabe 2017).
 */
export class SpeechNetwork extends Module {
  readonly listener: Listener;
  /** One class per label and, last, the blank. */
  readonly classes: Linear;
  readonly speller: Speller | undefined;
  /** Of the speller. */
  readonly special: DecodingTokens;

  /**
   * @param bands features of a frame
   * @param random initializes the weights; without it they are zero, to be loaded
   */
  constructor(
    { listener, speller }: NetworkConfig,
    { bands, labels }: { readonly bands: number; readonly labels: number },
    random?: Random,
  ) {
    super();
    this.listener = new Listener(bands, listener, random);
    const { units } = this.listener;
    this.classes = new Linear(units, labels + 1, random);
    this.special = { start: labels, end: labels + 1, suppressed: [] };
    this.speller = speller && new Speller(spellerConfig(speller, labels + 2), units, random);
  }

  /**
   * The surrounding scope owns the result.
   *
   * @param features `[batch, frames, bands]`
   * @param lengths frames of each sequence
   * @param random enables dropout
   */
  hear(features: tf.Tensor3D, lengths: readonly number[], random?: Random): Heard {
    return this.listener.forward(features, lengths, random);
  }

  /** `[batch, steps, labels + 1]` */
  logits({ output }: Heard): tf.Tensor3D {
    return this.classes.forward(output) as tf.Tensor3D;
  }

  /** The log-probabilities of each sequence's steps. */
  frames(heard: Heard): CtcFrames[] {
    const logs = tf.tidy(() => tf.logSoftmax(this.logits(heard)).dataSync<"float32">());
    const [, longest] = heard.output.shape;
    const { size: classes } = this.classes.bias ?? { size: 0 };
    return heard.lengths.map((steps, row) => {
      const from = row * longest * classes;
      return { steps, classes, logProbabilities: logs.slice(from, from + steps * classes) };
    });
  }

  /** What the speller attends to. */
  encoding({ output, summary, lengths }: Heard): Seq2seqEncoding {
    const [, steps] = output.shape;
    return { memory: output, summary, layers: [], mask: lengthMask(lengths, steps) };
  }
}

/** One LSTM that attends before each step, as the speller of Chan et al. 2016, section 3.2. */
function spellerConfig(
  { hiddenSize, dropout }: NonNullable<NetworkConfig["speller"]>,
  vocabularySize: number,
) {
  return seq2seqConfigSchema.parse({
    ...{ hiddenSize, embeddingSize: hiddenSize, dropout, tiedEmbeddings: "all" },
    attention: { kind: "bahdanau" },
    readout: "tanh",
    sourceVocabularySize: vocabularySize,
    targetVocabularySize: vocabularySize,
  });
}
