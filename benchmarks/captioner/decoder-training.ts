import { featureReader, type ReadFeatures } from "@attend/cnn-encoder/features";
import { openFeatureCache } from "@attend/datasets";
import { createRandom } from "@attend/runtime";
import { Words } from "@attend/text";
import { parseTrainingConfig, type TrainingConfig, type TrainingTask } from "@attend/training";
import {
  type CaptionerConfig,
  captionerConfigSchema,
} from "../../apps/image-captioning/src/config.ts";
import type { Example } from "../../apps/image-captioning/src/dataset.ts";
import { captioners } from "../../apps/image-captioning/src/model.ts";
import type { CaptionDecoder } from "../../apps/image-captioning/src/network.ts";
import type { Plan } from "../../apps/image-captioning/src/tasks/captions.ts";
import { type Batch, decoderTask } from "../../apps/image-captioning/src/tasks/cross-entropy.ts";

export const vocabularySize = 6000;
/** Including the end token. */
export const maxSteps = 20;
export const photosPerBatch = 16;
export const options = { labelSmoothing: 0.1, learningRate: 5e-4, clipNorm: 5, vocabularySize };

/** What a training reads. */
export interface Data {
  readonly files: readonly string[];
  readonly captions: readonly (readonly (readonly number[])[])[];
  /** The folder of the photos' features. */
  readonly cache: string;
}

interface DecoderTraining {
  readonly config: CaptionerConfig;
  readonly module: CaptionDecoder;
  readonly task: TrainingTask<Plan, Batch>;
  readonly training: TrainingConfig;
  readonly read: ReadFeatures;
  readonly examples: readonly Example[];
}

/** A training like the decoder stage of `attend-caption train`, without a validation. */
export async function decoderTraining(
  placement: "after" | "before",
  data: Data,
): Promise<DecoderTraining> {
  // "Show, Attend and Tell" uses the additive score.
  const score = placement === "before" ? "additive" : "dot";
  const config = captionerConfigSchema.parse({
    encoder: {},
    decoder: { placement, score },
    decoding: {},
  });
  const words = Array.from({ length: vocabularySize - new Words([]).size }, (_, i) => `w${i}`);
  const model = captioners.create(config, new Words(words), createRandom(1));
  const cache = await openFeatureCache(data.cache);
  const read = featureReader(cache, data.files);
  const examples = data.files.map((file, i) => ({ file, captions: data.captions[i] ?? [] }));
  const { labelSmoothing, learningRate, clipNorm } = options;
  const optimizer = { name: "adam", learningRate };
  // There is no validation, so there is no metric to watch.
  const { earlyStopping: _, ...training } = parseTrainingConfig(
    { maxSteps: 1e6, optimizer, clipNorm, tensorboard: false, checkpointEvery: {} },
    "the benchmark",
  );
  const stage = {
    name: "decoder" as const,
    photosPerBatch,
    labelSmoothing,
    attentionPenalty: 0,
    training: { ...training, keepBest: { metric: "ciderD", mode: "max" as const } },
  };
  const task = decoderTask(model, examples, read, stage, maxSteps);
  return { config, module: model.network.decoder, task, training, read, examples };
}
