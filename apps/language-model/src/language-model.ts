import type { LoadOptions } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import type { Tokenizer } from "@attend/text";
import { encodeText, lastPart } from "./dataset.ts";
import { measure } from "./evaluate.ts";
import { type GenerateOptions, generate } from "./generate.ts";
import { languageModels, type TrainedModel } from "./model.ts";
import type { LanguageNetwork } from "./network.ts";

/** Which model to load, on which engine. */
export interface LanguageModelOptions extends LoadOptions {
  /** A model's folder, or the output folder of its training; default: `@attend/shakespeare`. */
  readonly model?: string | undefined;
}

/**
 * Loads an engine and a model. The caller closes the model.
 *
 * @throws AttendError FILE_NOT_FOUND if the folder or one of its files is missing; BAD_CONFIG, BAD_DATA
 *   or BAD_WEIGHTS naming the invalid file; ENGINE_MISSING
 */
export async function loadLanguageModel({
  model,
  engine,
  precision,
}: LanguageModelOptions = {}): Promise<LanguageModel> {
  return new LanguageModel(await languageModels.load(model, { engine, precision }));
}

/** How well a model predicts a text. */
export interface Evaluation {
  /** Predicted characters: all except those of the first token. */
  readonly characters: number;
  /** Characters that were skipped because they did not occur in training. */
  readonly skipped: number;
  readonly natsPerCharacter: number;
  readonly bitsPerCharacter: number;
  /** The number of equally likely characters that would be equally hard to predict. */
  readonly perplexity: number;
  /** What the tokens of the model's tokenizer are called. */
  readonly unit: Tokenizer["unit"];
  readonly tokens: number;
  readonly natsPerToken: number;
  readonly bitsPerToken: number;
}

/** Generates and measures text. Created by {@link loadLanguageModel}; `close` frees its memory. */
export class LanguageModel {
  readonly #network: LanguageNetwork;
  readonly #tokens: Tokenizer;
  #closed = false;

  /** Takes ownership of the network. */
  constructor({ network, tokens }: Pick<TrainedModel, "network" | "tokens">) {
    this.#network = network;
    this.#tokens = tokens;
  }

  /** See {@link generate}: `for await (const piece of model.generate({ prompt: "To be" })) ...` */
  async *generate(options: GenerateOptions = {}): AsyncGenerator<string, void> {
    this.#requireOpen();
    yield* generate(this.#network, this.#tokens, options);
  }

  /**
   * Measures how well the model predicts a text, carrying its state through the entire text.
   *
   * @param options.source the text's name in errors
   * @param options.last measures only this fraction of its characters, at its end
   * @param options.skipUnknown skips characters that did not occur in training
   * @param options.onProgress receives the number of measured characters and their total
   * @throws AttendError BAD_DATA if there are fewer than two tokens, or unknown characters;
   *   INTERRUPTED if `options.signal` is aborted
   */
  async evaluate(
    text: string,
    options: {
      source?: string;
      last?: number;
      skipUnknown?: boolean;
      signal?: AbortSignal | undefined;
      onProgress?: (done: number, total: number) => void;
    } = {},
  ): Promise<Evaluation> {
    this.#requireOpen();
    const { source = "the text", last = 1, skipUnknown = false, ...rest } = options;
    const encoded = encodeText(this.#tokens, text, { source, skipUnknown });
    const ids = lastPart(encoded.ids, last, this.#tokens);
    const { unit } = this.#tokens;
    if (ids.length < 2) {
      const message = `${source} has ${ids.length} ${unit}, but at least two are needed; give more text`;
      throw new AttendError("BAD_DATA", message);
    }
    const measured = await measure(this.#network, this.#tokens, ids, rest);
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

  /** Frees the model; it cannot be used anymore. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#network.dispose();
  }

  #requireOpen(): void {
    if (!this.#closed) return;
    throw new AttendError("BAD_ARGUMENT", "this language model is closed; load another one");
  }
}
