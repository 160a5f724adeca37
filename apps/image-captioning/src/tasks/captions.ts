import { doublyStochasticPenalty, lengthMask } from "@attend/attention";
import {
  type EncodedImage,
  meanLoss,
  type TeacherForcing,
  teacherForcing,
  tokenLosses,
} from "@attend/decoding";
import { type Random, tf } from "@attend/runtime";
import { Words } from "@attend/text";
import type { Example } from "../dataset.ts";
import type { CaptionDecoder } from "../network.ts";
import { agreementWeights } from "./agreement.ts";

/** The indices of a batch's examples. */
export type Plan = readonly number[];

/** Captions for a batch of photos, ready for teacher forcing. Freed by `tf.dispose`. */
export type CaptionBatch = TeacherForcing & {
  /** `[rows]` int32: the index in the batch of each caption's photo. */
  readonly photos: tf.Tensor1D;
};

export interface BatchedCaption {
  /** The photo's index in the batch. */
  readonly photo: number;
  /** Without start and end tokens. */
  readonly ids: readonly number[];
  /** The weight of each of its words; default 1. */
  readonly weight?: number;
}

/**
 * Pads captions, truncated to `maxSteps`; a truncated caption has no end token.
 * Weights are scaled so that equal ones give the mean over words.
 */
export function batchCaptions(captions: readonly BatchedCaption[], maxSteps: number): CaptionBatch {
  const sequences = captions.map(({ ids }) => ids);
  const weights = captions.map(({ weight = 1 }) => weight);
  const photos = captions.map(({ photo }) => photo);
  return {
    ...teacherForcing(sequences, Words.special, { maxSteps, weights }),
    photos: tf.tensor1d(photos, "int32"),
  };
}

/**
 * The weighted cross-entropy of captions under teacher forcing, in nats per word, plus `attentionPenalty`
 * times the doubly stochastic penalty. With advantages as weights, its gradient is REINFORCE's
 * (Rennie et al. 2017, eq. 7).
 *
 * @param options.random turns on dropout
 * @param options.suppressed tokens without probability, as when sampling without them. Otherwise they would
 *   collect the probability taken from bad samples, since no sample ever contains them
 */
export function captionLoss(
  decoder: CaptionDecoder,
  encoding: EncodedImage,
  captions: CaptionBatch,
  options: {
    labelSmoothing: number;
    attentionPenalty: number;
    random?: Random;
    suppressed?: readonly number[];
  },
): tf.Scalar {
  return tf.tidy(() => {
    const state = decoder.reorder(decoder.start(encoding, options), captions.photos);
    const { losses, attention } = tokenLosses(decoder, captions, state, options);
    const loss = meanLoss(losses, captions);
    if (options.attentionPenalty === 0) return loss;
    if (attention === undefined) throw new TypeError("only attention can be penalized");
    const mask = lengthMask(captions.lengths, captions.inputs.shape[1]);
    const penalty = doublyStochasticPenalty(attention, mask);
    return tf.add(loss, tf.mul(penalty, options.attentionPenalty));
  });
}

/** Batches all captions of the planned examples, weighted according to the stage. */
export function captionReader(
  examples: readonly Example[],
  { agreementTemperature }: { readonly agreementTemperature?: number | undefined },
  maxWords: number,
): (plan: Plan) => CaptionBatch {
  const weights =
    agreementTemperature === undefined
      ? undefined
      : agreementWeights(examples, agreementTemperature);
  return (plan) => {
    const captions = plan.flatMap((index, photo) =>
      (examples[index]?.captions ?? []).map((ids, caption) => ({
        photo,
        ids,
        weight: weights?.[index]?.[caption] ?? 1,
      })),
    );
    return batchCaptions(captions, maxWords);
  };
}
