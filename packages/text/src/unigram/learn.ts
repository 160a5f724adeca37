import { mergedTokens } from "../bpe/learn.ts";
import { countText, tooShort } from "../subwords/learning.ts";
import type { SubwordOptions } from "../subwords/options.ts";
import { type Chunks, chunksOf } from "./chunks.ts";
import { expectation } from "./expectation.ts";
import type { Pieces } from "./pieces.ts";
import { keepMost, prune } from "./prune.ts";
import { findSeeds } from "./seeds.ts";
import { Unigram } from "./unigram.ts";

/** Options of {@link learnUnigram}. */
export interface UnigramOptions extends SubwordOptions {}

/** EM steps between two prunings. */
const stepsPerRound = 2;
/** The fraction of the pieces that pruning keeps. */
const shrinkingFactor = 0.75;
/** Pieces with a lower expected count are dropped. */
const leastExpected = 0.5;

/**
 * Learns a unigram language model of subwords from text (Kudo 2018, section 3.2): starting from all
 * frequent substrings of words, EM estimates their probabilities, and those that matter least to the
 * likelihood are dropped, repeatedly, until there are `size` tokens. Words are runs of letters, of digits
 * or of other symbols, with the preceding space (`wordsOf`); tokens do not cross them. The result does not
 * depend on the order of the texts.
 *
 * @param texts of any length
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a `size` too small for bytes and
 *   characters; BAD_DATA if the texts are empty, or too short for that many tokens
 */
export function learnUnigram(texts: Iterable<string>, options: UnigramOptions): Unigram {
  const text = countText(texts, options);
  // As many as byte-pair encoding would find.
  let room = text.fit ? mergedTokens(text).length : text.room;
  const chunks = chunksOf(text.words, text.characters);
  let pieces = findSeeds(chunks, {
    characters: text.characters.length,
    maxLength: text.maxLength,
    wanted: room,
  });
  if (pieces.count < room && !text.fit) throw tooShort(text, pieces.count);
  room = Math.min(room, pieces.count);
  let scores = scoresOf(pieces.weights.map((count, piece) => count * (pieces.lengths[piece] ?? 0)));
  const improve = () => {
    for (let step = 0; step < stepsPerRound; step++) {
      ({ pieces, scores } = improved(chunks, { pieces, scores, least: room }));
    }
  };
  improve();
  while (pieces.count > room) {
    const size = Math.max(room, Math.floor(shrinkingFactor * pieces.count));
    pieces = prune(chunks, pieces, { scores, size });
    scores = scoresOf(pieces.weights);
    improve();
  }
  return new Unigram({
    kind: "unigram",
    ...text.head,
    ...sorted(text.characters, chunks, { pieces, scores }),
  });
}

interface Model {
  readonly pieces: Pieces;
  readonly scores: Float64Array;
}

/** One step of EM, which drops pieces that are hardly used, but keeps at least `least`. */
function improved(chunks: Chunks, { pieces, scores, least }: Model & { least: number }): Model {
  const { weights } = expectation(chunks, pieces, scores);
  const used = weights.filter(
    (weight, piece) => piece < pieces.characters || weight >= leastExpected,
  );
  const expected = { ...pieces, weights };
  const kept = keepMost(expected, weights, Math.max(used.length, least));
  return { pieces: kept, scores: scoresOf(kept.weights) };
}

/**
 * The log-probability of each piece: the M step with a sparse prior, where the digamma function replaces
 * the logarithm, which makes rare pieces even rarer (Beal 2003, section 3.4; also in SentencePiece).
 */
function scoresOf(weights: Float64Array): Float64Array {
  const counts = weights.map((weight) => Math.max(weight, leastExpected));
  const total = digamma(counts.reduce((sum, count) => sum + count, 0));
  return counts.map((count) => digamma(count) - total);
}

/** The tokens' texts and scores, most likely first. */
function sorted(
  characters: readonly string[],
  { symbols }: Chunks,
  { pieces, scores }: Model,
): { tokens: string[]; scores: number[] } {
  const tokens = Array.from({ length: pieces.count }, (_, piece) => {
    // A character may not occur in the text.
    if (piece < pieces.characters) return characters[piece] ?? "";
    const first = pieces.first[piece] ?? 0;
    const run = symbols.subarray(first, first + (pieces.lengths[piece] ?? 0));
    return Array.from(run, (symbol) => characters[symbol]).join("");
  });
  // More digits are meaningless, and would double the file.
  const rounded = Array.from(scores, (score) => Math.round(score * 1e5) / 1e5);
  const order = [...tokens.entries()].sort(
    ([a, tokenA], [b, tokenB]) =>
      (rounded[b] ?? 0) - (rounded[a] ?? 0) || (tokenA < tokenB ? -1 : 1),
  );
  return {
    tokens: order.map(([, token]) => token),
    scores: order.map(([piece]) => rounded[piece] ?? 0),
  };
}

/**
 * The digamma function, the derivative of the logarithm of the gamma function, for x above 0: by its
 * recurrence up to 6 and its asymptotic series above (Abramowitz & Stegun 1964, 6.3.5 and 6.3.18).
 */
export function digamma(x: number): number {
  let [at, value] = [x, 0];
  for (; at < 6; at++) value -= 1 / at;
  const square = 1 / (at * at);
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)));
  return value + Math.log(at) - 0.5 / at - series;
}
