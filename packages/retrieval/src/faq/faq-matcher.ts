import type { EncodeOptions, SentenceVectors } from "@attend/sentence-vectors";
import { logistic } from "../fit-choices.ts";
import { requireEncoder } from "../require-encoder.ts";
import { cleanText, wordsOf } from "../text/clean.ts";
import { isFollowUp, joinFollowUp } from "../text/follow-up.ts";
import { isContentWord } from "../text/function-words.ts";
import { questionParts } from "../text/parts.ts";
import type { MatcherConfig } from "./matcher-config.ts";
import type { MatcherNetwork } from "./matcher-network.ts";
import { type FaqPair, type Wording, wordingsOf } from "./pairs.ts";
import { confidenceOf, type Likeness, rank } from "./ranking.ts";
import { WordSearch } from "./word-search.ts";

/** A pair that may answer a question. */
export interface Match {
  /** Its index, from 0. */
  readonly pair: number;
  /** The wording that is nearest to the question, as it was taught. */
  readonly question: string;
  /** Higher is likelier; only comparable within one question. */
  readonly score: number;
}

/** What a matcher knows of a question. */
export interface Found {
  /** The probability that the best match answers the question; 0 without matches. */
  readonly confidence: number;
  /** Whether that reaches the matcher's threshold. */
  readonly confident: boolean;
  /** Best first; empty for a question without words. */
  readonly matches: readonly Match[];
}

/** A part of a question, and what is known of it. */
export interface FoundPart {
  readonly part: string;
  readonly found: Found;
}

/** Options of {@link FaqMatcher.find}. */
export interface FindOptions {
  /** At most so many matches, default 3. */
  readonly nBest?: number | undefined;
  /** The questions before in the conversation, the latest last: `and for children?` needs them. */
  readonly context?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A trained matcher; plain JSON and a network. */
export interface MatcherModel {
  readonly config: MatcherConfig;
  readonly pairs: readonly FaqPair[];
  readonly network: MatcherNetwork;
}

/** Finds the pair of a FAQ that answers a question, and says how sure it is. Created by `trainMatcher`, or loaded. */
export class FaqMatcher implements MatcherModel {
  readonly config: MatcherConfig;
  readonly pairs: readonly FaqPair[];
  readonly network: MatcherNetwork;
  readonly #vectors: SentenceVectors;
  readonly #wordings: readonly Wording[];
  readonly #words: WordSearch;
  readonly #head: readonly number[];
  readonly #calibration: readonly number[];

  /**
   * Takes ownership of the network, but not of the vectors.
   *
   * @throws AttendError BAD_CONFIG if these are not the vectors that it was trained with
   */
  constructor({ config, pairs, network }: MatcherModel, vectors: SentenceVectors) {
    requireEncoder(config, vectors);
    this.config = config;
    this.pairs = pairs;
    this.network = network;
    this.#vectors = vectors;
    this.#wordings = wordingsOf(pairs);
    this.#words = new WordSearch(joinedTexts(pairs));
    this.#head = [...network.head.dataSync<"float32">()];
    this.#calibration = [...network.calibration.dataSync<"float32">()];
  }

  /**
   * Finds the pairs that are nearest to a question.
   *
   * @throws AttendError INTERRUPTED if `signal` is aborted
   */
  async find(question: string, options: FindOptions = {}): Promise<Found> {
    const asked = cleanText(question);
    const before = cleanText(options.context?.at(-1) ?? "");
    if (before === "" || !isFollowUp(asked)) {
      const [alone] = await this.likeness([asked], options);
      return this.#found(alone, options);
    }
    const [alone, joined, previous] = await this.likeness(
      [asked, joinFollowUp(before, asked), before],
      options,
    );
    const [a, b] = [this.#found(alone, options), this.#found(joined, options)];
    const best = b.matches[0];
    if (best === undefined || a.confidence > b.confidence) return a;
    // What the question before was answered with is no answer to what the follow-up adds.
    const isSame = best.pair === this.#found(previous, options).matches[0]?.pair;
    return isSame && !this.#mentions(best.pair, asked) ? { ...b, confident: false } : b;
  }

  /**
   * Finds what answers each part of a question: `How do I book, and what does it cost?` has two. There is one part if
   * the question has only one, or is nearest to a pair as a whole.
   *
   * @throws AttendError INTERRUPTED if `signal` is aborted
   */
  async findAll(question: string, options: FindOptions = {}): Promise<FoundPart[]> {
    const asked = cleanText(question);
    const parts = questionParts(asked);
    const whole = { part: asked, found: await this.find(asked, options) };
    if (parts.length === 1) return [whole];
    const found: FoundPart[] = [];
    for (const [i, part] of parts.entries()) {
      const context = [...(options.context ?? []), ...parts.slice(0, i)];
      found.push({ part, found: await this.find(part, { ...options, context }) });
    }
    const answered = found.filter((each) => each.found.confident);
    const pairs = new Set(answered.map((each) => each.found.matches[0]?.pair));
    const isWhole = whole.found.confident ? pairs.size < 2 : pairs.size === 0;
    return isWhole ? [whole] : found;
  }

  /** Frees the network; it cannot find anymore. */
  dispose(): void {
    this.network.dispose();
  }

  /** The likeness of texts, which `cleanText` returned, to all pairs: what `find` ranks them by. */
  async likeness(texts: readonly string[], options?: EncodeOptions): Promise<Likeness[]> {
    return this.likenessOf(texts, await this.#vectors.encode(texts, options));
  }

  /** As {@link likeness}, of texts whose vectors are known. */
  likenessOf(texts: readonly string[], vectors: readonly Float32Array[]): Likeness[] {
    const { network } = this;
    const [questions, joined, answers] = [network.questions, network.joined, network.answers].map(
      (index) => index.similarities(vectors),
    );
    const none = new Float32Array();
    return texts.map((text, i) => ({
      text,
      questions: questions?.[i] ?? none,
      joined: joined?.[i] ?? none,
      answers: answers?.[i] ?? none,
      words: this.#words.scores(text),
    }));
  }

  #found(likeness: Likeness | undefined, { nBest = 3 }: FindOptions): Found {
    if (likeness === undefined || wordsOf(likeness.text).length === 0) {
      return { confidence: 0, confident: false, matches: [] };
    }
    const ranked = rank(likeness, this.#wordings, this.#head);
    const confidence = logistic(confidenceOf(ranked), this.#calibration);
    const matches = ranked.slice(0, nBest).map(({ pair, wording, score }) => ({
      pair,
      question: this.#wordings[wording]?.text ?? "",
      score,
    }));
    return { confidence, confident: confidence >= this.config.threshold, matches };
  }

  /** Whether a pair has one of a question's words. */
  #mentions(pair: number, question: string): boolean {
    const { questions = [], answer = "" } = this.pairs[pair] ?? {};
    const known = new Set(wordsOf([...questions, answer].join(" ")));
    return wordsOf(question).some((word) => isContentWord(word) && known.has(word));
  }
}

/** Each wording with its pair's answer. */
export function joinedTexts(pairs: readonly FaqPair[]): string[] {
  return pairs.flatMap(({ questions, answer }) =>
    questions.map((question) => `${cleanText(question)} ${cleanText(answer)}`),
  );
}
