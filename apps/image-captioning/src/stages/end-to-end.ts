import { freezeBefore, toInput } from "@attend/cnn-encoder";
import { loadVaried } from "@attend/cnn-encoder/features";
import type { tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { Example } from "../examples.ts";
import { captionLoss } from "../losses.ts";
import type { CaptioningModel } from "../model.ts";
import type { StageNamed } from "../training-config.ts";
import { captionReader } from "./decoder.ts";
import { type Batch, type Plan, releaseBatch, shuffledPlans } from "./task.ts";

/**
 * Cross-entropy through the whole model on photos that differ a little each time. Batch norm keeps the
 * statistics of its pretraining, since a batch is small.
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
    plan: (_, random) => shuffledPlans(examples.length, stage.photosPerBatch, random),
    async load(plan, random) {
      const files = plan.map((index) => examples[index]?.file ?? "");
      const pixels = await loadVaried(files, imageSize, random, stage.augmentation);
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
