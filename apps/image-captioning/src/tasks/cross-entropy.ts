import { freezeBefore, toInput } from "@attend/cnn-encoder";
import { loadAugmented, type ReadFeatures } from "@attend/cnn-encoder/features";
import { shuffledBatches } from "@attend/datasets";
import { tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { Example } from "../dataset.ts";
import type { CaptioningModel } from "../model.ts";
import type { StageNamed } from "../training-config.ts";
import { type CaptionBatch, captionLoss, captionReader, type Plan } from "./captions.ts";

/** A batch of photos, as images or as features, with their captions. */
export interface Batch {
  /** `[photos, size, size, 3]` images or `[photos, positions, channels]` features. */
  readonly photos: tf.Tensor;
  readonly captions: CaptionBatch;
  /** The logits of the classes that are to be kept, `[photos, classes]`. */
  readonly classes?: tf.Tensor2D;
}

/** Cross-entropy; trains the decoder only. */
export function decoderTask(
  model: CaptioningModel,
  examples: readonly Example[],
  readFeatures: ReadFeatures,
  stage: StageNamed<"decoder">,
  maxWords: number,
): TrainingTask<Plan, Batch> {
  const { network } = model;
  const captionsOf = captionReader(examples, stage, maxWords);
  return {
    plan: (_, random) => shuffledBatches(examples.length, stage.photosPerBatch, random),
    async load(plan, random) {
      return { photos: await readFeatures(plan, random), captions: captionsOf(plan) };
    },
    loss({ photos, captions }, random) {
      const options = { ...stage, random };
      const encoding = network.encodingOf(photos as tf.Tensor3D);
      const loss = captionLoss(network.decoder, encoding, captions, options);
      return { loss, items: captions.targets.size };
    },
    release: releaseBatch,
  };
}

/**
 * Cross-entropy through encoder and decoder, on augmented photos. Batch norm keeps its pretrained
 * statistics, since batches are small.
 *
 * @param readClasses logits of the encoder before it is trained; its classes are then kept by distillation from them
 *   (Li & Hoiem 2016, 'Learning without Forgetting')
 */
export function endToEndTask(
  model: CaptioningModel,
  examples: readonly Example[],
  stage: StageNamed<"end-to-end">,
  maxWords: number,
  readClasses?: (photos: readonly number[]) => Promise<tf.Tensor2D>,
): TrainingTask<Plan, Batch> {
  const { imageSize } = model.config.encoder;
  const captionsOf = captionReader(examples, stage, maxWords);
  const { network } = model;
  freezeBefore(network.encoder, stage.trainableFrom);
  return {
    plan: (_, random) => shuffledBatches(examples.length, stage.photosPerBatch, random),
    async load(plan, random) {
      const files = plan.map((index) => examples[index]?.file ?? "");
      const pixels = await loadAugmented(files, imageSize, random, stage.augmentation);
      const classes = await readClasses?.(plan);
      const photos = toInput(pixels, imageSize);
      return { photos, captions: captionsOf(plan), ...(classes && { classes }) };
    },
    loss({ photos, captions, classes }, random) {
      const images = photos as tf.Tensor4D;
      const encoding = network.encode(images, { trainableFrom: stage.trainableFrom });
      const loss = captionLoss(network.decoder, encoding, captions, { ...stage, random });
      const items = captions.targets.size;
      const logits = classes && network.encoder.classifier?.forward(encoding.pooled);
      if (classes === undefined || logits === undefined) return { loss, items };
      const kept = distillation(logits, classes);
      const total = tf.add<tf.Scalar>(loss, tf.mul(stage.classWeight, kept));
      return { loss: total, items, metrics: { classes: kept } };
    },
    release: releaseBatch,
  };
}

/** The cross-entropy of a teacher's distributions, in nats per row (Hinton et al. 2015). */
function distillation(logits: tf.Tensor2D, teacher: tf.Tensor2D): tf.Scalar {
  const each = tf.sum(tf.mul(tf.softmax(teacher), tf.logSoftmax(logits)), 1);
  return tf.neg(tf.mean<tf.Scalar>(each));
}

function releaseBatch({ photos, captions, classes }: Batch): void {
  tf.dispose([photos, captions, classes ?? []]);
}
