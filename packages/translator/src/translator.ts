import { AttendError, yieldTurn } from "@attend/runtime";
import type { TranslationModel } from "./model.ts";
import { type Found, type SearchOptions, translateUnits } from "./search.ts";
import { encodeSource } from "./source.ts";
import { planText, type TextPlan } from "./text/plan.ts";
import {
  joinAlternatives,
  meanLogProbability,
  type Translation,
  unchanged,
} from "./translation.ts";

/** How texts are translated; what is absent is as the model's config says. */
export interface TranslateOptions {
  /** By default what the model's config says; 1 is greedy search. */
  readonly beamWidth?: number | undefined;
  readonly lengthPenalty?: number | undefined;
  readonly coveragePenalty?: number | undefined;
  /** No run of so many tokens occurs twice in a sentence; 0 allows all. */
  readonly noRepeatNgram?: number | undefined;
  /** Tokens that a sentence has at least; default 0. */
  readonly minLength?: number | undefined;
  /** How many translations of each text, at most; more never change the first. Default 1. */
  readonly nBest?: number | undefined;
  /** Tell for each word what of the source was looked at. */
  readonly attention?: boolean | undefined;
  /** Sentences that are translated side by side; default 64. More is faster and takes more memory. */
  readonly batch?: number | undefined;
  /** Aborted, it ends the work before the next batch. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of sentences that are translated, and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Translates texts. Made by `loadTranslator`; `close` frees its memory. */
export class Translator {
  readonly from: string;
  readonly to: string;
  /** What the model can do, in a line. */
  readonly about: string;
  readonly #model: TranslationModel;
  #closed = false;

  /** Takes the model over. */
  constructor(model: TranslationModel) {
    this.#model = model;
    this.from = model.config.from;
    this.to = model.config.to;
    this.about = model.config.about ?? `${this.from} to ${this.to}`;
  }

  /** One text. See {@link translateAll}. */
  async translate(text: string, options: TranslateOptions = {}): Promise<Translation> {
    const [translation] = await this.translateAll([text], options);
    if (translation === undefined) throw new RangeError("a text has a translation");
    return translation;
  }

  /**
   * Each text's translation, in order. A text is translated sentence by sentence, with the spaces and line
   * breaks between them; a sentence that is longer than the model has learned, in pieces. Numbers, addresses, file
   * names, tags, placeholders and what is in signs or a script that the model does not know come through as
   * they are; characters that nobody sees do not count. Other work gets its turn between batches.
   *
   * @throws AttendError BAD_ARGUMENT naming the option that is wrong, or if the translator was closed;
   *   INTERRUPTED if `signal` is aborted
   */
  async translateAll(
    texts: readonly string[],
    options: TranslateOptions = {},
  ): Promise<Translation[]> {
    this.#requireOpen();
    const search = this.#searchOptions(options);
    const plans = texts.map((text) => this.#plan(text));
    const units = plans.map(({ parts }) => parts.filter((part) => typeof part === "object"));
    const found = await translateUnits(this.#model, units.flat(), search);
    let from = 0;
    return texts.map((source, i) => {
      const count = units[i]?.length ?? 0;
      const own = found.slice(from, from + count);
      from += count;
      return this.#join(source, plans[i], own, search.nBest);
    });
  }

  /** Frees the model; translating afterwards is an error. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#model.network.dispose();
  }

  #requireOpen(): void {
    if (!this.#closed) return;
    throw new AttendError("BAD_ARGUMENT", "this translator was closed; load another one");
  }

  #plan(text: string): TextPlan {
    const { tokens, config } = this.#model;
    const { from, to, maxTokens } = config;
    // No token has more characters than the longest one, so that a long text need not be encoded to tell.
    const most = 16 * maxTokens;
    const fits = (piece: string) =>
      piece.length <= most && encodeSource(piece, tokens).length <= maxTokens;
    return planText(text, { from, to, tokenizer: tokens.source, fits });
  }

  #searchOptions(options: TranslateOptions): SearchOptions {
    const { decoding } = this.#model.config;
    const {
      beamWidth = decoding.beamWidth,
      lengthPenalty = decoding.lengthPenalty,
      coveragePenalty = decoding.coveragePenalty,
      noRepeatNgram = decoding.noRepeatNgram,
      nBest = 1,
      minLength = 0,
      attention = false,
      batch = 64,
      signal,
      onProgress,
    } = options;
    const turn = async () => {
      await yieldTurn(signal);
      this.#requireOpen(); // It may have been closed meanwhile.
    };
    const most = options.beamWidth ?? Number.POSITIVE_INFINITY;
    if (!Number.isInteger(nBest) || nBest < 1 || nBest > most) {
      const limit = options.beamWidth === undefined ? "" : ` to beamWidth (${beamWidth})`;
      const message = `nBest is ${nBest}; it must be a whole number from 1${limit || " up"}`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const { earlyStop } = decoding;
    const beam = { beamWidth, lengthPenalty, coveragePenalty, noRepeatNgram, earlyStop };
    return { beam, minLength, nBest, attention, batch, turn, onProgress };
  }

  #join(
    source: string,
    plan: TextPlan | undefined,
    found: readonly Found[],
    nBest: number,
  ): Translation {
    let next = 0;
    const parts = (plan?.parts ?? []).map((part) =>
      typeof part === "string" ? [unchanged(part)] : (found[next++]?.alternatives ?? []),
    );
    const alternatives = joinAlternatives(parts, nBest);
    const alignments = found.flatMap(({ alignment }) => alignment ?? []);
    return {
      source,
      ...(alternatives[0] ?? unchanged("")),
      alternatives,
      confident: found.every((each) => this.#isConfident(each)),
      protected: plan?.spans ?? [],
      ...(alignments.length > 0 && { alignments }),
    };
  }

  #isConfident({ alternatives: [best] }: Found): boolean {
    const { confidence = Number.NEGATIVE_INFINITY } = this.#model.config;
    return best === undefined || meanLogProbability(best) >= confidence;
  }
}
