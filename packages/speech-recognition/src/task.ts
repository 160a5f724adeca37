import { meanLoss, type TeacherForcing, teacherForcing, tokenLosses } from "@attend/decoding";
import { ctcLoss } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import { utteranceOf } from "./augment/augment.ts";
import type { Augmentation } from "./augment/config.ts";
import { batched } from "./batched.ts";
import { type Example, lengthened } from "./example.ts";
import type { FeatureConfig } from "./features.ts";
import type { Labels } from "./labels.ts";
import type { SpeechNetwork } from "./network/speech-network.ts";
import { planUtterances, type Utterance } from "./utterances.ts";

/** How a recognizer learns. */
export interface RecognitionTaskOptions {
  readonly features: FeatureConfig;
  readonly augmentation: Augmentation;
  /** Frames of a batch, padding included. */
  readonly framesPerBatch: number;
  /** The share of the speller's loss; the rest is that of the classes (Kim, Hori & Watanabe 2017, eq. 12). */
  readonly spellerShare: number;
}

/** A batch of {@link recognitionTask}. */
export interface UtteranceBatch {
  /** `[batch, frames, bands]` */
  readonly features: tf.Tensor3D;
  readonly lengths: readonly number[];
  readonly labels: readonly (readonly number[])[];
  /** For the speller. */
  readonly target: TeacherForcing;
}

/** Utterances made of recordings, which are varied each time (see `utteranceOf`). */
export function recognitionTask(
  network: SpeechNetwork,
  labels: Labels,
  examples: readonly Example[],
  options: RecognitionTaskOptions,
): TrainingTask<Utterance[], UtteranceBatch> {
  return {
    plan: (epoch, random) => planUtterances(examples, { ...options, epoch }, random),
    async load(plan, random) {
      const utterances = plan.map((utterance) => {
        const recordings = utterance.map((index) => examples[index] ?? missing(index));
        const spelled = labels.encode(recordings.map(({ text }) => text).join(" "));
        const made = utteranceOf(
          recordings.map((each) => each.features),
          options,
          random,
        );
        return { labels: spelled, features: lengthened(made, spelled, network) };
      });
      const spelled = utterances.map((each) => each.labels);
      return {
        ...batched(utterances.map((each) => each.features)),
        labels: spelled,
        target: teacherForcing(spelled, network.special),
      };
    },
    loss(batch, random) {
      return {
        loss: lossOf(network, batch, options.spellerShare, random),
        items: batch.labels.length,
      };
    },
    release: ({ features, target }) => tf.dispose([features, target]),
  };
}

function lossOf(
  network: SpeechNetwork,
  { features, lengths, labels, target }: UtteranceBatch,
  spellerShare: number,
  random: Random,
): tf.Scalar {
  const heard = network.hear(features, lengths, random);
  const ctc = tf.mean<tf.Scalar>(
    ctcLoss(network.logits(heard), labels, { lengths: heard.lengths }),
  );
  const { speller } = network;
  if (speller === undefined) return ctc;
  const state = speller.start(network.encoding(heard));
  const { losses } = tokenLosses(speller, target, state, { random });
  const perUtterance = target.targets.size / labels.length;
  const spelled = tf.mul(meanLoss(losses), perUtterance);
  return tf.add(tf.mul(ctc, 1 - spellerShare), tf.mul(spelled, spellerShare));
}

function missing(index: number): never {
  throw new RangeError(`no recording ${index}`);
}
