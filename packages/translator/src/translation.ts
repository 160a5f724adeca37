import type { Span } from "./text/spans.ts";

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

/** What the translation of a sentence looked at: the rows are its tokens and its end, each sums to 1. */
export interface Alignment {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly (readonly number[])[];
}

export interface Translation extends Alternative {
  readonly source: string;
  /** At most `nBest` of them, this one first, no two with the same text. */
  readonly alternatives: readonly Alternative[];
  /** False where a sentence is so unlikely that the model seems not to know what it is about. */
  readonly confident: boolean;
  /** What was not translated but comes through as it is, in the order of the source. */
  readonly protected: readonly Span[];
  /** One a sentence, with `attention`. */
  readonly alignments?: readonly Alignment[];
}

/** A token, the end included, in nats: how sure the model is. */
export function meanLogProbability({
  tokens,
  logProbability,
}: {
  readonly tokens: readonly unknown[];
  readonly logProbability: number;
}): number {
  return logProbability / (tokens.length + 1);
}

/** A text that comes through as it is. */
export function unchanged(text: string): Alternative {
  return { text, score: 0, logProbability: 0, tokens: [], ids: [] };
}

/**
 * The best ways to say one part after another: the sums of their scores decide.
 *
 * @param parts of each its alternatives, best first
 */
export function joinAlternatives(
  parts: readonly (readonly Alternative[])[],
  most: number,
): Alternative[] {
  let joined: Alternative[] = [unchanged("")];
  for (const alternatives of parts) {
    const [best, ...others] = joined.flatMap((first) =>
      alternatives.map((second) => join(first, second)),
    );
    // The first of each part stay first together: a wider beam may have found what scores higher.
    if (best !== undefined)
      joined = [best, ...others.sort((a, b) => b.score - a.score)].slice(0, most);
  }
  return distinct(joined.map((each) => ({ ...each, text: each.text.trim() })));
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

/** The first with each text. */
export function distinct(alternatives: readonly Alternative[]): Alternative[] {
  const texts = new Set<string>();
  return alternatives.filter(({ text }) => !texts.has(text) && texts.add(text));
}
