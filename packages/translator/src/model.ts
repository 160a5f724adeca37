import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { loadWeights, saveWeights } from "@attend/nn";
import { readJson, writeJson } from "@attend/runtime/config";
import { modelFolder } from "@attend/runtime/model-folder";
import { readModelConfig, type TranslationModelConfig } from "./config.ts";
import { createNetwork, type Network } from "./network.ts";
import { parseVocabularies, type Vocabularies, vocabulariesToJson } from "./vocabulary.ts";

/** Everything that translates; `network.module` is its owner's to dispose. */
export interface TranslationModel {
  readonly config: TranslationModelConfig;
  readonly vocabularies: Vocabularies;
  readonly network: Network;
}

/** A model's folder: what it is, its vocabulary and its weights. */
const modelFiles = {
  config: "config.json",
  vocabulary: "vocabulary.json",
  weights: "model.safetensors",
} as const;

/** Writes a model's folder, the weights in float16. */
export async function saveTranslationModel(
  { config, vocabularies, network }: TranslationModel,
  directory: string,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const path = (file: keyof typeof modelFiles) => join(directory, modelFiles[file]);
  await saveWeights(network.module, path("weights"), { precision: "float16" });
  await writeJson(path("vocabulary"), vocabulariesToJson(vocabularies));
  await writeJson(path("config"), config);
}

/** What a model's folder holds, and where its weights are. */
export interface ModelFolder extends Omit<TranslationModel, "network"> {
  readonly weights: string;
}

/**
 * Reads all but the weights of a model's folder, or of a training's; see {@link modelFolder}.
 *
 * @throws AttendError FILE_NOT_FOUND, BAD_CONFIG, BAD_DATA naming the file that does not fit
 */
export async function readModelFolder(directory: string): Promise<ModelFolder> {
  const kind = { trainedBy: "translate train", keys: ["from", "to", "network"] };
  const folder = await modelFolder(directory, kind);
  const path = (file: keyof typeof modelFiles) => join(folder, modelFiles[file]);
  const config = await readModelConfig(path("config"));
  const vocabularies = parseVocabularies(await readJson(path("vocabulary")), path("vocabulary"));
  return { config, vocabularies, weights: path("weights") };
}

/**
 * Reads a model's folder; an engine must be loaded.
 *
 * @throws AttendError FILE_NOT_FOUND where the folder or a file of it is absent; BAD_CONFIG, BAD_DATA
 *   or BAD_WEIGHTS naming the file that does not fit
 */
export async function loadTranslationModel(directory: string): Promise<TranslationModel> {
  const { config, vocabularies, weights } = await readModelFolder(directory);
  const network = createNetwork(config.network, vocabularies);
  try {
    await loadWeights(network.module, weights);
  } catch (error) {
    network.module.dispose();
    throw error;
  }
  return { config, vocabularies, network };
}
