import { meanLoss } from "@attend/decoding";
import { tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { Network } from "@attend/translator";
import type { TranslationTraining } from "./config.ts";
import { type Batch, type Example, planEpoch, trainingBatch } from "./dataset.ts";

/** Teacher forcing over batches of about as many tokens each (Vaswani et al. 2017, section 5.1). */
export function translationTask(
  network: Network,
  examples: readonly Example[],
  {
    tokensPerBatch,
    labelSmoothing,
  }: Pick<TranslationTraining, "tokensPerBatch" | "labelSmoothing">,
): Omit<TrainingTask<number[], Batch>, "validate"> {
  return {
    module: network,
    plan: (_epoch, random) => planEpoch(examples, { tokensPerBatch, random }),
    load: async (plan) => trainingBatch(plan.flatMap((index) => examples[index] ?? [])),
    loss({ source, target }, random) {
      const losses = network.losses(source, target, { labelSmoothing, random });
      return { loss: meanLoss(losses, target), items: target.targets.size };
    },
    release: (batch) => tf.dispose(batch),
  };
}

/** Mean loss a token, without dropout and label smoothing, in nats. */
export function lossOf(network: Network, examples: readonly Example[], rows = 64): number {
  let [sum, tokens] = [0, 0];
  for (let from = 0; from < examples.length; from += rows) {
    sum += tf.tidy(() => {
      const { source, target } = trainingBatch(examples.slice(from, from + rows));
      tokens += target.targets.size;
      return tf.sum(network.losses(source, target)).dataSync()[0] ?? Number.NaN;
    });
  }
  return sum / tokens;
}
