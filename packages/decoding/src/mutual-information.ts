import { type Random, tf } from "@attend/runtime";
import type { Decoder, DecoderState } from "./decoder.ts";
import { checkNumber } from "./options.ts";

/** What is replied to, and an encoding of one row that says nothing. */
export type MutualInformationEncoding<Encoding> = {
  readonly given: Encoding;
  readonly nothing: Encoding;
};

/** The states of the decoder with and without its source. */
export type MutualInformationState<State extends DecoderState> = {
  readonly rows: number;
  /** The number of tokens so far. */
  readonly steps: number;
  readonly given: State;
  readonly nothing: State;
};

/** Options of {@link MutualInformation}. */
export interface MutualInformationOptions {
  /** lambda: how much a token loses for being likely anyway. Default 0.5. */
  readonly weight?: number | undefined;
  /** gamma: the first tokens, which decide what is said, are chosen like this, and the others by the model alone. Default 6. */
  readonly tokens?: number | undefined;
  /**
   * Tokens less likely than this share of the most likely one are not chosen, since a rare token may have a high mutual
   * information by chance (Li et al. 2023, 'Contrastive Decoding', eq. 2). Default 0.1.
   */
  readonly plausibility?: number | undefined;
}

/** Far below every score, yet finite. */
const implausible = -1e9;

/**
 * A decoder that prefers what only this source calls for, rather than what fits every source, such as "I don't know": the
 * score of a token is `log p(token | source) - lambda log p(token | nothing)` (MMI-antiLM; Li et al. 2016, eq. 9 to 13).
 * The decoder must have been trained on sources that say nothing, too. The caller owns it.
 */
export class MutualInformation<Encoding, State extends DecoderState>
  implements Decoder<MutualInformationEncoding<Encoding>, MutualInformationState<State>>
{
  readonly vocabularySize: number;
  readonly #decoder: Decoder<Encoding, State>;
  readonly #weight: number;
  readonly #tokens: number;
  readonly #plausibility: number;

  /** @throws AttendError BAD_ARGUMENT for an option that is negative */
  constructor(
    decoder: Decoder<Encoding, State>,
    { weight = 0.5, tokens = 6, plausibility = 0.1 }: MutualInformationOptions = {},
  ) {
    checkNumber("weight", weight);
    checkNumber("tokens", tokens, { integer: true });
    checkNumber("plausibility", plausibility);
    this.vocabularySize = decoder.vocabularySize;
    this.#decoder = decoder;
    this.#weight = weight;
    this.#tokens = tokens;
    this.#plausibility = plausibility;
  }

  start(
    { given, nothing }: MutualInformationEncoding<Encoding>,
    options?: { random?: Random | undefined },
  ): MutualInformationState<State> {
    return tf.tidy(() => {
      const state = this.#decoder.start(given, options);
      const { rows } = state;
      const copies = tf.zeros<tf.Rank.R1>([rows], "int32");
      const silent = this.#decoder.reorder(this.#decoder.start(nothing, options), copies);
      return { rows, steps: 0, given: state, nothing: silent };
    });
  }

  step(tokens: tf.Tensor1D, { rows, steps, given, nothing }: MutualInformationState<State>) {
    return tf.tidy(() => {
      const { logits, state, attention } = this.#decoder.step(tokens, given);
      const silent = this.#decoder.step(tokens, nothing);
      const isFirst = steps < this.#tokens;
      return {
        logits: isFirst ? this.#contrast(logits, silent.logits) : logits,
        state: { rows, steps: steps + 1, given: state, nothing: silent.state },
        ...(attention && { attention }),
      };
    });
  }

  /** The features are the scores, `[rows, steps, vocabulary]`. */
  features(
    tokens: tf.Tensor2D,
    { steps: before, given, nothing }: MutualInformationState<State>,
    options?: { random?: Random | undefined },
  ) {
    const [rows, steps] = tokens.shape;
    const scored = (state: State) => {
      const { features, attention } = this.#decoder.features(tokens, state, options);
      const logits = this.#decoder.project(tf.reshape(features, [rows * steps, -1]));
      return { logits, attention };
    };
    const { logits, attention } = scored(given);
    const isFirst = tf.less(tf.range(before, before + steps, 1, "int32"), this.#tokens);
    const first = tf.reshape(tf.tile(isFirst, [rows]), [rows * steps, 1]);
    const scores = tf.where(first, this.#contrast(logits, scored(nothing).logits), logits);
    return {
      features: tf.reshape<tf.Rank.R3>(scores, [rows, steps, this.vocabularySize]),
      ...(attention && { attention }),
    };
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    return features;
  }

  reorder({ steps, given, nothing }: MutualInformationState<State>, rows: tf.Tensor1D) {
    return {
      rows: rows.shape[0],
      steps,
      given: this.#decoder.reorder(given, rows),
      nothing: this.#decoder.reorder(nothing, rows),
    };
  }

  /** `[rows, vocabulary]` each. */
  #contrast(given: tf.Tensor2D, nothing: tf.Tensor2D): tf.Tensor2D {
    const informed = tf.logSoftmax(given);
    const scores = tf.sub<tf.Tensor2D>(informed, tf.mul(tf.logSoftmax(nothing), this.#weight));
    const least = tf.add(tf.max(informed, 1, true), Math.log(this.#plausibility));
    return tf.where(tf.greaterEqual(informed, least), scores, tf.fill(scores.shape, implausible));
  }
}
