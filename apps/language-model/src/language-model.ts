import type { LoadOptions } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import type { Tokenizer } from "@attend/text";
import { encodeText, lastPart } from "./dataset.ts";
import { measure } from "./evaluate.ts";
import { type GenerateOptions, generate } from "./generate.ts";
import { languageModels, type WholeModel } from "./model.ts";
import type { LanguageNetwork } from "./network.ts";

/** Which model writes, on which engine. */
export interface LanguageModelOptions extends LoadOptions {
  /** A model's folder, or that of the training which wrote it; by default `@attend/shakespeare`. */
  readonly model?: string | undefined;
}

/**
 * Loads an engine and a model, ready to write. The caller closes the model.
 *
 * @throws AttendError FILE_NOT_FOUND where the folder or a file of it is absent; BAD_CONFIG, BAD_DATA
 *   or BAD_WEIGHTS naming the file that does not fit; ENGINE_MISSING
 */
export async function loadLanguageModel({
  model,
  engine,
}: LanguageModelOptions = {}): Promise<LanguageModel> {
  return new LanguageModel(await languageModels.load(model, { engine }));
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
  /** Characters or subwords, as the model's tokenizer has them. */
  readonly unit: Tokenizer["unit"];
  readonly tokens: number;
  readonly natsPerToken: number;
  readonly bitsPerToken: number;
}

/** Writes and measures text. Made by {@link loadLanguageModel}; `close` frees its memory. */
export class LanguageModel {
  readonly #network: LanguageNetwork;
  readonly #tokens: Tokenizer;
  #closed = false;

  /** Takes the network over. */
  constructor({ network, tokens }: Pick<WholeModel, "network" | "tokens">) {
    this.#network = network;
    this.#tokens = tokens;
  }

  /** See {@link generate}: `for await (const piece of model.generate({ prompt: "To be" })) ...` */
  async *generate(options: GenerateOptions = {}): AsyncGenerator<string, void> {
    this.#requireOpen();
    yield* generate(this.#network, this.#tokens, options);
  }

  /**
   * Measures how well the model predicts a text, its state carried over all of it.
   *
   * @param options.source names the text in errors
   * @param options.last measures only this share of its characters, at its end
   * @param options.skipUnknown leaves out characters that were never seen in training
   * @param options.onProgress is told how many characters are done, of how many
   * @throws AttendError BAD_DATA where fewer than two tokens are there, or one that was never seen;
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
      const message = `${source} has ${ids.length} ${unit}; to predict one, it takes two`;
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
