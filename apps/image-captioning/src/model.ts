import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createEfficientNetLite, type EfficientNetLite } from "@attend/cnn-encoder";
import { loadWeights, Module, saveWeights } from "@attend/nn";
import { type AttentionDecoder, createAttentionDecoder } from "@attend/rnn-decoder";
import type { Random } from "@attend/runtime";
import { readJson, writeJson } from "@attend/runtime/config";
import { modelFolder } from "@attend/runtime/model-folder";
import { endId, padId, parseVocabulary, startId, unknownId, type Vocabulary } from "@attend/text";
import { type CaptionerConfig, readCaptionerConfig } from "./config.ts";

/** How the decoder's sequences are framed. */
export const specialTokens = {
  start: startId,
  end: endId,
  suppressed: [padId, unknownId],
} as const;

/** A caption says something, however unsure its model is: a fresh one would rather end at once. */
export const minLength = 1;

/** Picture encoder and caption decoder with the vocabulary between ids and words. */
export class CaptioningModel extends Module {
  readonly encoder: EfficientNetLite;
  readonly decoder: AttentionDecoder;
  readonly #config: CaptionerConfig;
  readonly #vocabulary: Vocabulary;

  constructor(config: CaptionerConfig, vocabulary: Vocabulary, random?: Random) {
    super();
    this.#config = config;
    this.#vocabulary = vocabulary;
    this.encoder = createEfficientNetLite({ variant: config.encoder.variant });
    this.decoder = createAttentionDecoder(
      {
        ...config.decoder,
        vocabularySize: vocabulary.size,
        memorySize: this.encoder.channels,
      },
      random,
    );
  }

  get config(): CaptionerConfig {
    return this.#config;
  }

  get vocabulary(): Vocabulary {
    return this.#vocabulary;
  }
}

/** What weights belong to: dropout may differ from training to training, and decoding from use to use. */
export function kindOf({ encoder, decoder }: CaptionerConfig) {
  return { encoder, decoder: { ...decoder, dropout: 0, memoryDropout: 0 } };
}

/** A model's folder: what it is, its words and its weights. */
export const modelFiles = {
  config: "config.json",
  vocabulary: "vocabulary.json",
  weights: "model.safetensors",
} as const;

/** Writes a model's folder; `float16` halves it at no loss that a caption shows. */
export async function saveCaptioningModel(
  model: CaptioningModel,
  directory: string,
  options?: { precision?: "float32" | "float16" },
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await saveWeights(model, join(directory, modelFiles.weights), options);
  await writeJson(join(directory, modelFiles.vocabulary), model.vocabulary);
  await writeJson(join(directory, modelFiles.config), model.config);
}

/** The folder of the model that a user named: it, or `model` in it; see {@link modelFolder}. */
export function captionerFolder(given: string): Promise<string> {
  return modelFolder(given, { trainedBy: "attend-caption train", keys: ["encoder", "decoder"] });
}

/** What the model in a folder, or that of the training in it, is. */
export async function readModelConfig(directory: string): Promise<CaptionerConfig> {
  return readCaptionerConfig(join(await captionerFolder(directory), modelFiles.config));
}

/** Reads a model's folder, or a training's. The caller disposes the model. Errors name the file and what is wrong with it. */
export async function loadCaptioningModel(directory: string): Promise<CaptioningModel> {
  const folder = await captionerFolder(directory);
  const config = await readCaptionerConfig(join(folder, modelFiles.config));
  const file = join(folder, modelFiles.vocabulary);
  const vocabulary = parseVocabulary(await readJson(file), file);
  const model = new CaptioningModel(config, vocabulary);
  try {
    await loadWeights(model, join(folder, modelFiles.weights));
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}
