import { encodingOf, freezeBefore, toInput } from "@attend/cnn-encoder";
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
}

/** Cross-entropy; trains the decoder only. */
export function decoderTask(
  model: CaptioningModel,
  examples: readonly Example[],
  readFeatures: ReadFeatures,
  stage: StageNamed<"decoder">,
  maxWords: number,
): TrainingTask<Plan, Batch> {
  const { decoder } = model.network;
  const captionsOf = captionReader(examples, stage, maxWords);
  return {
    plan: (_, random) => shuffledBatches(examples.length, stage.photosPerBatch, random),
    async load(plan, random) {
      return { photos: await readFeatures(plan, random), captions: captionsOf(plan) };
    },
    loss({ photos, captions }, random) {
      const options = { ...stage, random };
      const loss = captionLoss(decoder, encodingOf(photos as tf.Tensor3D), captions, options);
      return { loss, items: captions.targets.size };
    },
    release: releaseBatch,
  };
}

/**
 * Cross-entropy through encoder and decoder, on augmented photos. Batch norm keeps its pretrained
 * statistics, since batches are small.
 */
export function endToEndTask(
  model: CaptioningModel,
  examples: readonly Example[],
  stage: StageNamed<"end-to-end">,
  maxWords: number,
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
      return { photos: toInput(pixels, imageSize), captions: captionsOf(plan) };
    },
    loss({ photos, captions }, random) {
      const images = photos as tf.Tensor4D;
      const encoding = network.encoder.encode(images, { trainableFrom: stage.trainableFrom });
      const loss = captionLoss(network.decoder, encoding, captions, { ...stage, random });
      return { loss, items: captions.targets.size };
    },
    release: releaseBatch,
  };
}

function releaseBatch({ photos, captions }: Batch): void {
  tf.dispose([photos, captions]);
}
