import type { Span } from "./text/spans.ts";

/** One possible translation. */
export interface Alternative {
  readonly text: string;
  /** The log-probability with penalties, by which alternatives are ranked. */
  readonly score: number;
  /** Sum over all tokens, in nats. */
  readonly logProbability: number;
  readonly tokens: readonly string[];
  /** The tokens' ids in the vocabulary. */
  readonly ids: readonly number[];
}

/** The attention of a sentence's translation: a row for each token and the end; each sums to 1. */
export interface Alignment {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly (readonly number[])[];
}

export interface Translation extends Alternative {
  readonly source: string;
  /** At most `nBest`, starting with this translation, without duplicate texts. */
  readonly alternatives: readonly Alternative[];
  /** False if the translation of a sentence is so improbable that it is unreliable. */
  readonly confident: boolean;
  /** Spans that were not translated, in the order of the source. */
  readonly protected: readonly Span[];
  /** One per sentence, with `attention`. */
  readonly alignments?: readonly Alignment[];
}

/** The mean log-probability per token, including the end, in nats: a measure of confidence. */
export function meanLogProbability({
  tokens,
  logProbability,
}: {
  readonly tokens: readonly unknown[];
  readonly logProbability: number;
}): number {
  return logProbability / (tokens.length + 1);
}

/** A text that is not translated. */
export function unchanged(text: string): Alternative {
  return { text, score: 0, logProbability: 0, tokens: [], ids: [] };
}

/**
 * The best translations of a sequence of parts, ranked by the sum of their scores.
 *
 * @param parts the alternatives of each part, best first
 */
export function joinAlternatives(
  parts: readonly (readonly Alternative[])[],
  maxCount: number,
): Alternative[] {
  let joined: Alternative[] = [unchanged("")];
  for (const alternatives of parts) {
    const [best, ...others] = joined.flatMap((first) =>
      alternatives.map((second) => join(first, second)),
    );
    // The first alternatives stay first, even if a wider beam found some with a higher score.
    if (best !== undefined)
      joined = [best, ...others.sort((a, b) => b.score - a.score)].slice(0, maxCount);
  }
  return distinct(joined.map((alternative) => ({ ...alternative, text: alternative.text.trim() })));
}

function join(first: Alternative, second: Alternative): Alternative {
  return {
    text: first.text + second.text,
    score: first.score + second.score,
    logProbability: first.logProbability + second.logProbability,
    tokens: [...first.tokens, ...second.tokens],
    ids: [...first.ids, ...second.ids],
  };
}

/** Removes duplicate texts, keeping the first. */
export function distinct(alternatives: readonly Alternative[]): Alternative[] {
  const texts = new Set<string>();
  return alternatives.filter(({ text }) => !texts.has(text) && texts.add(text));
}
