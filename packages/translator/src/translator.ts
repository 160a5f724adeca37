import { AttendError, yieldTurn } from "@attend/runtime";
import type { TranslationModel } from "./model.ts";
import { type SearchOptions, translateUnits, type UnitTranslation } from "./search.ts";
import { encodeSource } from "./source.ts";
import { planText, type TextPlan } from "./text/plan.ts";
import {
  joinAlternatives,
  meanLogProbability,
  type Translation,
  unchanged,
} from "./translation.ts";

/** Options of {@link Translator.translateAll}; defaults are from the model's config. */
export interface TranslateOptions {
  /** 1: greedy search. */
  readonly beamWidth?: number | undefined;
  readonly lengthPenalty?: number | undefined;
  readonly coveragePenalty?: number | undefined;
  /** No n-gram of this size occurs twice in a sentence; 0: no limit. */
  readonly noRepeatNgram?: number | undefined;
  /** Minimum number of tokens of a sentence. Default 0. */
  readonly minLength?: number | undefined;
  /** Maximum number of translations of each text; does not affect the first. Default 1. */
  readonly nBest?: number | undefined;
  /** Returns `alignments`: the attention of each token over the source. Default false. */
  readonly attention?: boolean | undefined;
  /** Sentences per batch. More is faster and takes more memory. Default 64. */
  readonly batch?: number | undefined;
  /** Stops the work before the next batch when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of translated sentences and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Translates texts. Created by `loadTranslator`; `close` frees its memory. */
export class Translator {
  readonly from: string;
  readonly to: string;
  /** A one-line description of the model. */
  readonly about: string;
  readonly #model: TranslationModel;
  #closed = false;

  /** @param model owned by the translator from now on */
  constructor(model: TranslationModel) {
    this.#model = model;
    this.from = model.config.from;
    this.to = model.config.to;
    this.about = model.config.about ?? `${this.from} to ${this.to}`;
  }

  /** Translates one text. See {@link translateAll}. */
  async translate(text: string, options: TranslateOptions = {}): Promise<Translation> {
    const [translation] = await this.translateAll([text], options);
    if (translation === undefined) throw new RangeError("a text has a translation");
    return translation;
  }

  /**
   * Translates texts, in order. A text is translated sentence by sentence, keeping the spaces and line
   * breaks between them; sentences that are too long for the model are split. Numbers, addresses, file
   * names, tags, placeholders, and symbols and scripts unknown to the model are copied; invisible
   * characters are ignored. A word or phrase said three times or more in a row is read once. The event loop
   * runs between batches.
   *
   * @throws AttendError BAD_ARGUMENT naming the invalid option, or if the translator is closed;
   *   INTERRUPTED if `signal` is aborted
   */
  async translateAll(
    texts: readonly string[],
    options: TranslateOptions = {},
  ): Promise<Translation[]> {
    this.#requireOpen();
    const search = this.#searchOptions(options);
    const plans: TextPlan[] = [];
    for (const [i, text] of texts.entries()) {
      if (i % search.batch === 0) await search.turn();
      plans.push(this.#plan(text));
    }
    const units = plans.map(({ parts }) => parts.filter((part) => typeof part === "object"));
    const results = await translateUnits(this.#model, units.flat(), search);
    let start = 0;
    return texts.map((source, i) => {
      const end = start + (units[i]?.length ?? 0);
      const ofText = results.slice(start, end);
      start = end;
      return this.#join(source, plans[i], ofText, search.nBest);
    });
  }

  /** Frees the model; the translator cannot be used afterwards. */
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
    // A token has at most 16 characters, so long texts need not be encoded to be rejected.
    const maxCharacters = 16 * maxTokens;
    const fits = (piece: string) =>
      piece.length <= maxCharacters && encodeSource(piece, tokens).length <= maxTokens;
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
    const limit = options.beamWidth;
    if (!Number.isInteger(nBest) || nBest < 1 || (limit !== undefined && nBest > limit)) {
      const range = limit === undefined ? "of at least 1" : `from 1 to beamWidth (${limit})`;
      const message = `nBest is ${nBest}; it must be a whole number ${range}`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const { earlyStop } = decoding;
    const beam = { beamWidth, lengthPenalty, coveragePenalty, noRepeatNgram, earlyStop };
    return { beam, minLength, nBest, attention, batch, turn, onProgress };
  }

  #join(
    source: string,
    plan: TextPlan | undefined,
    results: readonly UnitTranslation[],
    nBest: number,
  ): Translation {
    let next = 0;
    const parts = (plan?.parts ?? []).map((part) =>
      typeof part === "string" ? [unchanged(part)] : (results[next++]?.alternatives ?? []),
    );
    const alternatives = joinAlternatives(parts, nBest);
    const alignments = results.flatMap(({ alignment }) => alignment ?? []);
    return {
      source,
      ...(alternatives[0] ?? unchanged("")),
      alternatives,
      confident: results.every((result) => this.#isConfident(result)),
      protected: plan?.spans ?? [],
      ...(alignments.length > 0 && { alignments }),
    };
  }

  #isConfident({ alternatives: [best] }: UnitTranslation): boolean {
    const { confidence = Number.NEGATIVE_INFINITY } = this.#model.config;
    return best === undefined || meanLogProbability(best) >= confidence;
  }
}
