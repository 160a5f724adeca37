import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { loadWeights, saveWeights } from "@attend/nn";
import { AttendError, type EngineName, loadEngine } from "@attend/runtime";
import { readJson, writeJson } from "@attend/runtime/config";
import { modelFolder } from "@attend/runtime/model-folder";
import { readModelConfig } from "./config.ts";
import { encodeText, lastPart } from "./dataset.ts";
import { defaultModelFolder } from "./default-model.ts";
import { type GenerateOptions, generate } from "./generate.ts";
import { measure } from "./measure.ts";
import { LanguageNetwork } from "./network.ts";
import { parseVocabulary } from "./read-vocabulary.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A model's folder: what it is, its vocabulary and its weights. */
const modelFiles = {
  config: "config.json",
  vocabulary: "vocabulary.json",
  weights: "model.safetensors",
} as const;

/** Writes a model's folder, the weights in float16. */
export async function saveLanguageModel(
  { network, vocabulary }: { network: LanguageNetwork; vocabulary: Vocabulary },
  directory: string,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await saveWeights(network, join(directory, modelFiles.weights), { precision: "float16" });
  await writeJson(join(directory, modelFiles.vocabulary), vocabulary);
  await writeJson(join(directory, modelFiles.config), network.config);
}

export interface LanguageModelOptions {
  /** A model's folder, or that of the training which wrote it; by default `@attend/shakespeare`. */
  readonly model?: string | undefined;
  /** By default the fastest that loads (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads an engine and a model, ready to write. The caller closes the model.
 *
 * @throws AttendError FILE_NOT_FOUND where the folder or a file of it is absent; BAD_CONFIG, BAD_DATA
 *   or BAD_WEIGHTS naming the file that does not fit; ENGINE_MISSING
 */
export async function loadLanguageModel(
  options: LanguageModelOptions = {},
): Promise<LanguageModel> {
  const kind = { trainedBy: "language-model train", keys: ["recurrent"] };
  const folder =
    options.model === undefined ? defaultModelFolder() : await modelFolder(options.model, kind);
  const [config, vocabulary, weights] = [
    join(folder, modelFiles.config),
    join(folder, modelFiles.vocabulary),
    join(folder, modelFiles.weights),
  ];
  const parsed = await readModelConfig(config);
  const tokens = parseVocabulary(await readJson(vocabulary), vocabulary);
  await loadEngine(options.engine === undefined ? {} : { engine: options.engine });
  const network = new LanguageNetwork(parsed, tokens.size);
  try {
    await loadWeights(network, weights);
  } catch (error) {
    network.dispose();
    throw error;
  }
  return new LanguageModel(network, tokens);
}

/** How well a model predicts a text. */
export interface Evaluation {
  /** That were predicted: all but the first token's. */
  readonly characters: number;
  /** That were left out, because they were never seen in training. */
  readonly skipped: number;
  readonly natsPerCharacter: number;
  readonly bitsPerCharacter: number;
  /** The number of equally likely characters that would be as hard to predict. */
  readonly perplexity: number;
  /** Characters or subwords, as the model's vocabulary has them. */
  readonly unit: Vocabulary["unit"];
  readonly tokens: number;
  readonly natsPerToken: number;
  readonly bitsPerToken: number;
}

/** Writes and measures text. Made by {@link loadLanguageModel}; `close` frees its memory. */
export class LanguageModel {
  readonly #network: LanguageNetwork;
  readonly #vocabulary: Vocabulary;
  #closed = false;

  /** Takes the network over. */
  constructor(network: LanguageNetwork, vocabulary: Vocabulary) {
    this.#network = network;
    this.#vocabulary = vocabulary;
  }

  /** See {@link generate}: `for await (const piece of model.generate({ prompt: "To be" })) ...` */
  async *generate(options: GenerateOptions = {}): AsyncGenerator<string, void> {
    this.#requireOpen();
    yield* generate(this.#network, this.#vocabulary, options);
  }

  /**
   * Measures how well the model predicts a text, its state carried over all of it.
   *
   * @param options.source names the text in errors
   * @param options.last measures only this share of its characters, at its end
   * @param options.skipUnknown leaves out characters that were never seen in training
   * @param options.onProgress is told how many characters are done, of how many
   * @throws AttendError BAD_DATA where fewer than two tokens are there, or one that was never seen
   */
  async evaluate(
    text: string,
    options: {
      source?: string;
      last?: number;
      skipUnknown?: boolean;
      onProgress?: (done: number, total: number) => void;
    } = {},
  ): Promise<Evaluation> {
    this.#requireOpen();
    const { source = "the text", last = 1, skipUnknown = false, ...rest } = options;
    const encoded = encodeText(this.#vocabulary, text, { source, skipUnknown });
    const ids = lastPart(encoded.ids, last, this.#vocabulary);
    const { unit } = this.#vocabulary;
    if (ids.length < 2) {
      const message = `${source} has ${ids.length} ${unit}; to predict one, it takes two`;
      throw new AttendError("BAD_DATA", message);
    }
    const measured = await measure(this.#network, this.#vocabulary, ids, rest);
    const { characters, natsPerCharacter, tokens, natsPerToken } = measured;
    return {
      characters,
      skipped: encoded.skipped,
      natsPerCharacter,
      bitsPerCharacter: natsPerCharacter / Math.LN2,
      perplexity: Math.exp(natsPerCharacter),
      unit,
      tokens,
      natsPerToken,
      bitsPerToken: natsPerToken / Math.LN2,
    };
  }

  /** Frees the model; writing afterwards is an error. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#network.dispose();
  }

  #requireOpen(): void {
    if (!this.#closed) return;
    throw new AttendError("BAD_ARGUMENT", "this language model was closed; load another one");
  }
}
