import { AttendError, type Random, tf } from "@attend/runtime";
import type { Decoder, DecoderState, EncoderDecoder, SourceBatch } from "./decoder.ts";

/** Each member's encoding. */
export type EnsembleEncoding<Encoding extends tf.TensorContainerObject> = {
  readonly members: Encoding[];
};

/** Each member's state. */
export type EnsembleState<State extends DecoderState> = {
  readonly rows: number;
  readonly members: State[];
};

/**
 * Several decoders with the same vocabulary that choose each token together: its log-probability is the mean of
 * theirs, so that the product of their distributions decides (Sutskever et al. 2014, section 3.6). Attention is the
 * mean of theirs. Decoders of different kinds are members once they are `sealed`. The caller owns the members.
 */
export class Ensemble<Encoding extends tf.TensorContainerObject, State extends DecoderState>
  implements Decoder<EnsembleEncoding<Encoding>, EnsembleState<State>>
{
  readonly vocabularySize: number;
  readonly #members: readonly Decoder<Encoding, State>[];

  /** @throws AttendError BAD_ARGUMENT without members, or if their vocabularies differ in size */
  constructor(members: readonly Decoder<Encoding, State>[]) {
    const sizes = new Set(members.map(({ vocabularySize }) => vocabularySize));
    const [size] = sizes;
    if (size === undefined || sizes.size > 1) {
      const message = `an ensemble has one or more models with the same vocabulary, but theirs have ${[...sizes].join(", ") || "no"} tokens`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    this.vocabularySize = size;
    this.#members = members;
  }

  start({ members }: EnsembleEncoding<Encoding>, options?: { random?: Random | undefined }) {
    const states = this.#each(members, (member, encoding) => member.start(encoding, options));
    return { rows: states[0]?.rows ?? 0, members: states };
  }

  step(tokens: tf.Tensor1D, { members }: EnsembleState<State>) {
    return tf.tidy(() => {
      const steps = this.#each(members, (member, state) => member.step(tokens, state));
      const states = steps.map(({ state }) => state);
      const attention = meanOfAll(steps.map((step) => step.attention));
      return {
        logits: meanLogProbability(steps.map(({ logits }) => logits)),
        state: { rows: states[0]?.rows ?? 0, members: states },
        ...(attention && { attention }),
      };
    });
  }

  /** The features are the mean log-probabilities, `[rows, steps, vocabulary]`. */
  features(
    tokens: tf.Tensor2D,
    { members }: EnsembleState<State>,
    options?: { random?: Random | undefined },
  ) {
    const [rows, steps] = tokens.shape;
    const seen = this.#each(members, (member, state) => {
      const { features, attention } = member.features(tokens, state, options);
      return { logits: member.project(tf.reshape(features, [rows * steps, -1])), attention };
    });
    const attention = meanOfAll(seen.map((each) => each.attention));
    const mean = meanLogProbability(seen.map(({ logits }) => logits));
    const features: tf.Tensor3D = tf.reshape(mean, [rows, steps, this.vocabularySize]);
    return { features, ...(attention && { attention }) };
  }

  project(features: tf.Tensor2D): tf.Tensor2D {
    return features;
  }

  reorder({ members }: EnsembleState<State>, rows: tf.Tensor1D): EnsembleState<State> {
    const states = this.#each(members, (member, state) => member.reorder(state, rows));
    return { rows: rows.shape[0], members: states };
  }

  #each<Part, Result>(
    parts: readonly Part[],
    call: (member: Decoder<Encoding, State>, part: Part) => Result,
  ): Result[] {
    return this.#members.flatMap((member, index) => {
      const part = parts[index];
      return part === undefined ? [] : [call(member, part)];
    });
  }
}

/** An ensemble of decoders with their encoders: each encodes the source itself. */
export class EncoderDecoderEnsemble<
    Encoding extends tf.TensorContainerObject,
    State extends DecoderState,
  >
  extends Ensemble<Encoding, State>
  implements EncoderDecoder<EnsembleEncoding<Encoding>, EnsembleState<State>>
{
  readonly #models: readonly EncoderDecoder<Encoding, State>[];

  /** @throws AttendError BAD_ARGUMENT without models, or if their vocabularies differ in size */
  constructor(models: readonly EncoderDecoder<Encoding, State>[]) {
    super(models);
    this.#models = models;
  }

  encode(source: SourceBatch, options?: { random?: Random | undefined }) {
    return { members: this.#models.map((model) => model.encode(source, options)) };
  }
}

function meanLogProbability(logits: readonly tf.Tensor2D[]): tf.Tensor2D {
  const [first] = logits;
  if (first !== undefined && logits.length === 1) return first;
  return mean(logits.map((each) => tf.logSoftmax(each)));
}

/** Absent if one of the members does not show where it looks. */
function meanOfAll<T extends tf.Tensor>(parts: readonly (T | undefined)[]): T | undefined {
  const shown = parts.filter((part) => part !== undefined);
  return shown.length === parts.length ? mean(shown) : undefined;
}

function mean<T extends tf.Tensor>(parts: T[]): T {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return tf.div<T>(tf.addN<T>(parts), parts.length);
}
