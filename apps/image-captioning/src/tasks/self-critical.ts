import type { ReadFeatures } from "@attend/cnn-encoder/features";
import { shuffledBatches } from "@attend/datasets";
import { decodeEach, type Hypothesis, sampling } from "@attend/decoding";
import { tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { Example } from "../dataset.ts";
import type { CaptioningModel } from "../model.ts";
import type { StageNamed } from "../training-config.ts";
import { batchCaptions, type CaptionBatch, captionLoss, type Plan } from "./captions.ts";
import { createReward } from "./reward.ts";

interface SampledBatch {
  readonly examples: Plan;
  readonly photos: tf.Tensor3D;
  /** Absent until sampled. */
  readonly captions?: CaptionBatch;
  /** Mean reward of the samples. */
  readonly reward?: tf.Scalar;
}

/**
 * Self-critical training: captions are sampled from the model, and each one's log-probability is weighted
 * by the difference between its reward and the mean of the photo's other samples (Rennie et al.
 * 2017, with the baseline of Luo 2020, 'A Better Variant of Self-Critical Sequence Training').
 */
export function selfCriticalTask(
  model: CaptioningModel,
  examples: readonly Example[],
  readFeatures: ReadFeatures,
  stage: StageNamed<"self-critical">,
): TrainingTask<Plan, SampledBatch> {
  const { decoder } = model.network;
  const { special } = model.tokens;
  const { maxLength } = model.config.decoding;
  const rewardOf = createReward(examples, model.tokens, stage.reward);
  const suppressed: number[] = [special.start, ...special.suppressed];
  const usable = examples.map(({ captions }) =>
    captions.filter((ids) => ids.length > 0 && !ids.some((id) => suppressed.includes(id))),
  );

  /** The difference between each sample's reward and the mean of the photo's other samples. */
  function scoreSamples(example: number, samples: readonly Hypothesis[]) {
    const rewards = samples.map(({ tokens, ended }) => rewardOf(example, tokens, ended));
    const total = rewards.reduce((sum, reward) => sum + reward, 0);
    const others = samples.length - 1;
    return {
      mean: total / samples.length,
      advantages: rewards.map((reward) => reward - (total - reward) / others),
    };
  }

  return {
    plan: (_, random) => shuffledBatches(examples.length, stage.photosPerBatch, random),
    async load(plan, random) {
      return { examples: plan, photos: await readFeatures(plan, random) };
    },
    async prepare(batch, random) {
      const encoding = tf.tidy(() => model.network.encodingOf(batch.photos));
      const hypotheses = decodeEach(decoder, encoding, special, {
        maxLength,
        copies: stage.samples,
        choose: sampling(random),
      });
      tf.dispose([encoding.pooled, encoding.objects ?? []]);
      let reward = 0;
      const captions = batch.examples.flatMap((example, photo) => {
        const samples = hypotheses.slice(photo * stage.samples, (photo + 1) * stage.samples);
        const { mean, advantages } = scoreSamples(example, samples);
        reward += mean / batch.examples.length;
        const sampled = samples.map(({ tokens: ids }, sample) => ({
          photo,
          ids,
          weight: advantages[sample] ?? 0,
        }));
        if (stage.crossEntropy === 0) return sampled;
        const candidates = usable[example] ?? [];
        const ids = candidates[random.integer(candidates.length)];
        if (ids === undefined) return sampled;
        // A single caption with the same weight as all samples together.
        return [...sampled, { photo, ids, weight: stage.crossEntropy * stage.samples }];
      });
      return {
        ...batch,
        captions: batchCaptions(captions, maxLength),
        reward: tf.scalar(reward),
      };
    },
    loss({ photos, captions, reward }, random) {
      if (captions === undefined || reward === undefined)
        throw new Error("prepare comes before loss");
      const options = { labelSmoothing: 0, attentionPenalty: 0, suppressed, random };
      return {
        loss: captionLoss(decoder, model.network.encodingOf(photos), captions, options),
        metrics: { reward },
        items: captions.targets.size,
      };
    },
    release({ photos, captions, reward }) {
      tf.dispose([photos, captions ?? [], reward ?? []]);
    },
  };
}
