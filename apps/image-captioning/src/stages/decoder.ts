import type { ReadFeatures } from "@attend/cnn-encoder/features";
import type { tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import { agreementWeights } from "../agreement.ts";
import type { Example } from "../examples.ts";
import { batchCaptions, type CaptionBatch, captionLoss } from "../losses.ts";
import type { CaptioningModel } from "../model.ts";
import type { StageNamed } from "../training-config.ts";
import { type Batch, encodingOf, type Plan, releaseBatch, shuffledPlans } from "./task.ts";

/** Cross-entropy of the decoder alone. */
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
    plan: (_, random) => shuffledPlans(examples.length, stage.photosPerBatch, random),
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

/** Lays out all captions of the planned examples, weighted as the stage says. */
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
      (examples[index]?.captions ?? []).map((ids, place) => ({
        photo,
        ids,
        weight: weights?.[index]?.[place] ?? 1,
      })),
    );
    return batchCaptions(captions, maxWords);
  };
}
