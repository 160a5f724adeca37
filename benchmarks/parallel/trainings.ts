import { join } from "node:path";
import { findData, readParallel } from "@attend/datasets";
import type { Module } from "@attend/nn";
import { createRandom } from "@attend/runtime";
import { parseTrainingConfig, type TrainingConfig, type TrainingTask } from "@attend/training";
import { createNetwork, learnTokenizers } from "@attend/translator";
import { encodePairs } from "../../apps/translation/src/dataset.ts";
import { translationTask } from "../../apps/translation/src/task.ts";
import { defaultTraining } from "../../apps/translation/src/training-config.ts";
import { trainingData } from "../captioner/attend-training.ts";
import { decoderTraining } from "../captioner/decoder-training.ts";

/** What is trained, and on what. */
export interface Training<Plan, Batch> {
  readonly module: Module;
  readonly task: TrainingTask<Plan, Batch>;
  readonly training: TrainingConfig;
}

/** The decoder of the default captioner, 64 captions an update. */
export async function captioner(folder: string): ReturnType<typeof decoderTraining> {
  return decoderTraining("after", await trainingData({ out: folder }));
}

/** The default Transformer of `attend-translate train`, on the captions of Multi30k in English and German. */
export async function transformer() {
  const folder = findData("multi30k", ["train.en.gz", "train.de.gz"]);
  const files = { source: join(folder, "train.en.gz"), target: join(folder, "train.de.gz") };
  const { pairs } = await readParallel(files);
  const { model, vocabulary, training, ...options } = defaultTraining();
  const tokenizers = learnTokenizers(pairs, vocabulary);
  const { examples } = encodePairs(pairs, tokenizers, model.maxTokens);
  const module = createNetwork(model.network, tokenizers, createRandom(1));
  const { optimizer, clipNorm } = training;
  const config = { maxSteps: 1e6, optimizer, clipNorm, tensorboard: false, checkpointEvery: {} };
  return {
    module,
    task: translationTask(module, examples, options),
    training: parseTrainingConfig(config, "the benchmark"),
  };
}
