import { mergedTokens } from "../bpe/learn.ts";
import { countText, tooShort } from "../subwords/learning.ts";
import type { SubwordOptions } from "../subwords/options.ts";
import { type Chunks, chunksOf } from "./chunks.ts";
import { expectation } from "./expectation.ts";
import type { Pieces } from "./pieces.ts";
import { keepMost, prune } from "./prune.ts";
import { findSeeds } from "./seeds.ts";
import { Unigram } from "./unigram.ts";

/** See {@link SubwordOptions}. */
export interface UnigramOptions extends SubwordOptions {}

/** EM steps between two prunings. */
const stepsPerRound = 2;
/** The share of the pieces that a pruning keeps. */
const shrinkingFactor = 0.75;
/** Pieces that are expected to be used less often are left out. */
const leastExpected = 0.5;

/**
 * Learns a unigram language model of subwords from text (Kudo 2018, section 3.2): of all frequent
 * substrings of words, EM finds how likely each is, and those that the text can do best without are left
 * out, time after time, until there are `size` tokens. Words are runs of letters, of figures or of other
 * marks with the space before them (`wordsOf`); nothing goes across them. The order of the texts decides
 * nothing.
 *
 * @param texts of any length
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a `size` below what bytes and
 *   characters take; BAD_DATA where the texts are empty, or too short to give so many tokens
 */
export function learnUnigram(texts: Iterable<string>, options: UnigramOptions): Unigram {
  const text = countText(texts, options);
  // What a byte-pair encoding would find is what fits.
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

/** One step of EM. Of the pieces that are hardly used, so many stay that there are `least`. */
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
 * The logarithm of each piece's probability: the M step with a sparse prior, under which the digamma
 * function takes the logarithm's place and rare pieces become still rarer (Beal 2003, section 3.4; used by
 * SentencePiece, too).
 */
function scoresOf(weights: Float64Array): Float64Array {
  const counts = weights.map((weight) => Math.max(weight, leastExpected));
  const total = digamma(counts.reduce((sum, count) => sum + count, 0));
  return counts.map((count) => digamma(count) - total);
}

/** The tokens' texts and scores, the most likely first. */
function sorted(
  characters: readonly string[],
  { symbols }: Chunks,
  { pieces, scores }: Model,
): { tokens: string[]; scores: number[] } {
  const tokens = Array.from({ length: pieces.count }, (_, piece) => {
    // A character need not stand anywhere.
    if (piece < pieces.characters) return characters[piece] ?? "";
    const first = pieces.first[piece] ?? 0;
    const run = symbols.subarray(first, first + (pieces.lengths[piece] ?? 0));
    return Array.from(run, (symbol) => characters[symbol]).join("");
  });
  // More digits say nothing, and take half of the file.
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
 * recurrence up to 6 and the asymptotic series from there (Abramowitz & Stegun 1964, 6.3.5 and 6.3.18).
 */
export function digamma(x: number): number {
  let [at, value] = [x, 0];
  for (; at < 6; at++) value -= 1 / at;
  const square = 1 / (at * at);
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)));
  return value + Math.log(at) - 0.5 / at - series;
}
