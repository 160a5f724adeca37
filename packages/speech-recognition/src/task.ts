import { meanLoss, type TeacherForcing, teacherForcing, tokenLosses } from "@attend/decoding";
import { crossEntropy, ctcLoss } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import { utteranceOf } from "./augment/augment.ts";
import type { Augmentation } from "./augment/config.ts";
import { batched } from "./batched.ts";
import { type Example, lengthened } from "./example.ts";
import type { FeatureConfig } from "./features.ts";
import { flatAlignment } from "./flat-start.ts";
import type { Labels } from "./labels.ts";
import type { SpeechNetwork } from "./network/speech-network.ts";
import { planUtterances, type Utterance } from "./utterances.ts";

/** How a recognizer learns. */
export interface RecognitionTaskOptions {
  readonly features: FeatureConfig;
  readonly augmentation: Augmentation;
  /** Frames of a batch, padding included. */
  readonly framesPerBatch: number;
  /** Epochs with {@link flatAlignment} in place of connectionist temporal classification. */
  readonly flatStart: number;
  /** The share of the speller's loss; the rest is that of the classes (Kim, Hori & Watanabe 2017, eq. 12). */
  readonly spellerShare: number;
}

/** A batch of {@link recognitionTask}. */
export interface UtteranceBatch {
  /** `[batch, frames, bands]` */
  readonly features: tf.Tensor3D;
  readonly lengths: readonly number[];
  readonly labels: readonly (readonly number[])[];
  /** Of a flat start, the class of each step; the blank also past an utterance's end. */
  readonly classes?: tf.Tensor1D | undefined;
  /** For the speller. */
  readonly target: TeacherForcing;
}

/** Utterances made of recordings, which are varied each time (see `utteranceOf`). */
export function recognitionTask(
  network: SpeechNetwork,
  labels: Labels,
  examples: readonly Example[],
  options: RecognitionTaskOptions,
): TrainingTask<UtterancePlan, UtteranceBatch> {
  return {
    plan: (epoch, random) =>
      planUtterances(examples, { ...options, epoch }, random).map((utterances) => ({
        ...{ utterances, isFlat: epoch < options.flatStart },
      })),
    async load({ utterances, isFlat }, random) {
      const made = utterances.map((indices) => {
        const recordings = indices.map((index) => examples[index] ?? missing(index));
        const spelled = recordings.map(({ text }) => labels.encode(text));
        const all = labels.encode(recordings.map(({ text }) => text).join(" "));
        const { input, places } = utteranceOf(
          recordings.map((each) => each.features),
          options,
          random,
        );
        return { spelled, all, places, input: lengthened(input, all, network) };
      });
      const spelled = made.map(({ all }) => all);
      const batch = batched(made.map(({ input }) => input));
      const { listener } = network;
      const steps = listener.stepsOf(Math.max(...batch.lengths));
      const flat = { steps, framesPerStep: listener.framesPerStep, blank: labels.size };
      const classes = made.flatMap((each) => flatAlignment(each.spelled, each.places, flat));
      return {
        ...batch,
        labels: spelled,
        target: teacherForcing(spelled, network.special),
        ...(isFlat && { classes: tf.tensor1d(classes, "int32") }),
      };
    },
    loss(batch, random) {
      return {
        loss: lossOf(network, batch, options.spellerShare, random),
        items: batch.labels.length,
      };
    },
    release: ({ features, target, classes }) => tf.dispose([features, target, classes ?? []]),
  };
}

/** A batch to be made. */
interface UtterancePlan {
  readonly utterances: readonly Utterance[];
  readonly isFlat: boolean;
}

function lossOf(
  network: SpeechNetwork,
  batch: UtteranceBatch,
  spellerShare: number,
  random: Random,
): tf.Scalar {
  const { labels, target, classes } = batch;
  const heard = network.hear(batch.features, batch.lengths, random);
  const logits = network.logits(heard);
  const ctc = tf.mean<tf.Scalar>(
    classes === undefined
      ? ctcLoss(logits, labels, { lengths: heard.lengths })
      : crossEntropy(tf.reshape(logits, [-1, logits.shape[2]]), classes),
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
