import { batchesByLength } from "@attend/datasets";
import type { BeamOptions, Hypothesis } from "@attend/decoding";
import { AttendError, tf } from "@attend/runtime";
import { encodeSource, maxLengthOf, sourceBatch } from "./dataset.ts";
import { isForeign } from "./foreign.ts";
import { isSpaceless } from "./languages.ts";
import type { TranslationModel } from "./model.ts";
import { cutText } from "./pieces.ts";

export interface TranslateOptions {
  /** By default what the model's config says; 1 is greedy search. */
  readonly beamWidth?: number | undefined;
  readonly lengthPenalty?: number | undefined;
  readonly coveragePenalty?: number | undefined;
  /** How many translations of each text, at most `beamWidth`; default 1. */
  readonly nBest?: number | undefined;
  /** Tell for each word what of the source was looked at. */
  readonly attention?: boolean | undefined;
  /** Texts that are translated side by side; default 64. More is faster and takes more memory. */
  readonly batchSize?: number | undefined;
}

/** One way to say it. */
export interface Alternative {
  readonly text: string;
  /** What they are ranked by: the log-probability under the penalties. */
  readonly score: number;
  /** Of all tokens together, in nats. */
  readonly logProbability: number;
  readonly tokens: readonly string[];
  /** The tokens' numbers in the vocabulary. */
  readonly ids: readonly number[];
}

/** What the translation of a piece looked at: the rows are its tokens and its end, each sums to 1. */
export interface Alignment {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly (readonly number[])[];
}

export interface Translation extends Alternative {
  readonly source: string;
  /** `nBest` of them, this one first. A text that was cut into pieces has this one only. */
  readonly alternatives: readonly Alternative[];
  /** All or a part of it is left as it is: most of its characters are none that the model knows. */
  readonly foreign?: true;
  /** One a piece, with `attention`. */
  readonly alignments?: readonly Alignment[];
}

/** Translates texts. Made by `loadTranslator`; `close` frees its memory. */
export class Translator {
  readonly from: string;
  readonly to: string;
  readonly #model: TranslationModel;
  #closed = false;

  /** Takes the model over. */
  constructor(model: TranslationModel) {
    this.#model = model;
    this.from = model.config.from;
    this.to = model.config.to;
  }

  /** One text. See {@link translateAll}. */
  async translate(text: string, options: TranslateOptions = {}): Promise<Translation> {
    const [translation] = await this.translateAll([text], options);
    if (translation === undefined) throw new RangeError("a text has a translation");
    return translation;
  }

  /**
   * Each text's translation, in order. A text of no words has an empty one; one that is longer than the
   * model has learnt is translated sentence by sentence, or in yet smaller pieces. What is in another script than
   * the model's is left as it is. Control characters count as spaces.
   *
   * @throws AttendError BAD_ARGUMENT naming the option that is wrong, or where the translator was closed
   */
  async translateAll(
    texts: readonly string[],
    options: TranslateOptions = {},
  ): Promise<Translation[]> {
    if (this.#closed) {
      throw new AttendError("BAD_ARGUMENT", "this translator was closed; load another one");
    }
    const pieces = texts.map((text) => this.#cut(text));
    const found = this.#decode(pieces.flat(), options);
    let from = 0;
    return texts.map((text, i) => {
      const own = found.slice(from, from + (pieces[i]?.length ?? 0));
      from += own.length;
      return this.#join(text, own);
    });
  }

  /** Frees the model; translating afterwards is an error. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#model.network.module.dispose();
  }

  #cut(text: string): string[] {
    const { vocabularies, config } = this.#model;
    // No token has more characters than the longest one, so that a long text need not be encoded to tell.
    const most = 16 * config.maxTokens;
    return cutText(
      text.replaceAll(/\p{Cc}/gu, " "),
      (piece) =>
        piece.length <= most && encodeSource(piece, vocabularies).length <= config.maxTokens,
    );
  }

  #decode(pieces: readonly string[], options: TranslateOptions): Piece[] {
    const { vocabularies } = this.#model;
    const { batchSize = 64 } = options;
    const sources = pieces.map((piece) => encodeSource(piece, vocabularies));
    const known = [...sources.entries()].filter(
      ([, source]) => !isForeign(source, vocabularies.source),
    );
    const plan = batchesByLength(
      known.map(([, { length }]) => length),
      { batchSize },
    );
    const decoded = plan.restore(
      plan.batches.map((batch) =>
        this.#decodeBatch(
          batch.map((index) => known[index]?.[1] ?? []),
          options,
        ),
      ),
    );
    const found = new Map(known.map(([index], i) => [index, decoded[i]]));
    return pieces.map((piece, index) => found.get(index) ?? leftAsItIs(piece));
  }

  #decodeBatch(sources: readonly (readonly number[])[], options: TranslateOptions): Piece[] {
    const { nBest = 1, attention = false } = options;
    const beam = this.#beamOptions(sources, options);
    const batch = sourceBatch(sources);
    try {
      return this.#model.network.translate(batch, beam).map((hypotheses, row) => ({
        alternatives: hypotheses.slice(0, nBest).map((each) => this.#alternative(each)),
        ...(attention && { alignment: this.#alignment(sources[row] ?? [], hypotheses[0]) }),
      }));
    } finally {
      tf.dispose([batch.tokens, batch.lengths]);
    }
  }

  #beamOptions(sources: readonly (readonly number[])[], options: TranslateOptions): BeamOptions {
    const { decoding } = this.#model.config;
    const {
      beamWidth = Math.max(decoding.beamWidth, options.nBest ?? 1),
      lengthPenalty = decoding.lengthPenalty,
      coveragePenalty = decoding.coveragePenalty,
      nBest = 1,
      attention = false,
    } = options;
    if (!Number.isInteger(nBest) || nBest < 1 || nBest > beamWidth) {
      const message = `nBest is ${nBest}; it must be a whole number from 1 to beamWidth (${beamWidth})`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const maxLength = sources.map(maxLengthOf);
    const { earlyStop } = decoding;
    return { beamWidth, lengthPenalty, coveragePenalty, earlyStop, attention, maxLength };
  }

  #alternative({ tokens, score, logProbability }: Hypothesis): Alternative {
    const { target } = this.#model.vocabularies;
    return {
      text: target
        .decode(tokens)
        .trim()
        .replaceAll(/\s*\n\s*/g, " "),
      score,
      logProbability,
      tokens: tokens.map((id) => target.token(id)),
      ids: tokens,
    };
  }

  #alignment(source: readonly number[], hypothesis: Hypothesis | undefined): Alignment {
    const { vocabularies } = this.#model;
    const { tokens = [], attention = [] } = hypothesis ?? {};
    return {
      source: source.map((id) => vocabularies.source.token(id)),
      target: tokens.map((id) => vocabularies.target.token(id)),
      weights: attention.map((weights) => [...weights.slice(0, source.length)]),
    };
  }

  #join(source: string, pieces: readonly Piece[]): Translation {
    const [first] = pieces;
    const alignments = pieces.flatMap(({ alignment }) => alignment ?? []);
    const told = {
      ...(alignments.length > 0 && { alignments }),
      ...(pieces.some(({ foreign }) => foreign) && { foreign: true as const }),
    };
    const [best] = first?.alternatives ?? [];
    if (best !== undefined && first !== undefined && pieces.length === 1) {
      return { source, ...best, alternatives: first.alternatives, ...told };
    }
    const parts = pieces.flatMap(({ alternatives }) => alternatives[0] ?? []);
    const joined = {
      text: parts.map(({ text }) => text).join(isSpaceless(this.to) ? "" : " "),
      score: parts.reduce((sum, { score }) => sum + score, 0),
      logProbability: parts.reduce((sum, part) => sum + part.logProbability, 0),
      tokens: parts.flatMap(({ tokens }) => tokens),
      ids: parts.flatMap(({ ids }) => ids),
    };
    return { source, ...joined, alternatives: [joined], ...told };
  }
}

/** What was found for a piece of a text. */
interface Piece {
  readonly alternatives: readonly Alternative[];
  readonly foreign?: true;
  readonly alignment?: Alignment;
}

function leftAsItIs(text: string): Piece {
  const alternative = { text, score: 0, logProbability: 0, tokens: [], ids: [] };
  return { alternatives: [alternative], foreign: true };
}
