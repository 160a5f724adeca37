import { freezeBefore, loadImage, toInput } from "@attend/cnn-encoder";
import type { Random, tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { StageNamed } from "../config.ts";
import type { Example } from "../examples.ts";
import { mirrorPixels } from "../features.ts";
import { captionLoss } from "../losses.ts";
import type { CaptioningModel } from "../model.ts";
import { captionReader } from "./decoder.ts";
import { type Batch, type Plan, releaseBatch, shuffledPlans } from "./task.ts";

/**
 * Cross-entropy through the whole model on photos: mirrored by chance and cropped at random. Batch
 * norm keeps the statistics of its pretraining, since a batch is small.
 */
export function endToEndTask(
  model: CaptioningModel,
  examples: readonly Example[],
  stage: StageNamed<"end-to-end">,
  maxWords: number,
): Omit<TrainingTask<Plan, Batch>, "validate"> {
  const { imageSize } = model.config.encoder;
  const captionsOf = captionReader(examples, stage, maxWords);
  freezeBefore(model.encoder, stage.trainableFrom);
  return {
    module: model,
    plan: (_, random) => shuffledPlans(examples.length, stage.photosPerBatch, random),
    async load(plan, random) {
      const draws = plan.map((index) => ({
        file: examples[index]?.file ?? "",
        random: random.fork(),
      }));
      const pixels = await Promise.all(
        draws.map(({ file, random: own }) => loadVaried(file, imageSize, own)),
      );
      return { photos: toInput(pixels, imageSize), captions: captionsOf(plan) };
    },
    loss({ photos, captions }, random) {
      const images = photos as tf.Tensor4D;
      const encoding = model.encoder.encode(images, { trainableFrom: stage.trainableFrom });
      const loss = captionLoss(model.decoder, encoding, captions, { ...stage, random });
      return { loss, items: captions.targets.size };
    },
    release: releaseBatch,
  };
}

/** A photo is enlarged by up to this much before it is cropped back. */
const maxZoom = 1.15;

/** A photo with a random crop and, by chance, mirrored. */
async function loadVaried(file: string, size: number, random: Random): Promise<Uint8Array> {
  const enlarged = Math.round(size * (1 + (maxZoom - 1) * random.uniform()));
  const [left, top] = [random.integer(enlarged - size + 1), random.integer(enlarged - size + 1)];
  const mirrored = random.uniform() < 0.5;
  const { pixels } = await loadImage(file, { size: enlarged });
  const cropped = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    const start = 3 * ((top + y) * enlarged + left);
    cropped.set(pixels.subarray(start, start + 3 * size), 3 * y * size);
  }
  return mirrored ? mirrorPixels(cropped, size) : cropped;
}
