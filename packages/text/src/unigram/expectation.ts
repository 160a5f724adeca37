import type { Chunks } from "./chunks.ts";
import type { Pieces } from "./pieces.ts";

/** The expected counts of pieces, and the likelihood of the text. */
interface Expectation {
  /** Expected count by piece. */
  readonly weights: Float64Array;
  readonly logLikelihood: number;
}

/**
 * The expected count of each piece over all segmentations of the text, weighted by their probabilities: the
 * E step, by the forward-backward algorithm on each word (Kudo 2018, section 3.2).
 *
 * @param scores the logarithm of each piece's probability
 */
export function expectation(chunks: Chunks, pieces: Pieces, scores: Float64Array): Expectation {
  const { left, counts } = chunks;
  const { starts, edges, lengths } = pieces;
  const probabilities = scores.map(Math.exp);
  const weights = new Float64Array(pieces.count);
  const [forward, backward] = [new Float64Array(257), new Float64Array(257)];
  let logLikelihood = 0;
  for (let begin = 0; begin < left.length; begin += left[begin] ?? 1) {
    const length = left[begin] ?? 0;
    forward.fill(0, 0, length + 1);
    forward[0] = 1;
    for (let at = 0; at < length; at++) {
      const reached = forward[at] ?? 0;
      const end = starts[begin + at + 1] ?? 0;
      for (let edge = starts[begin + at] ?? 0; edge < end; edge++) {
        const piece = edges[edge] ?? 0;
        const to = at + (lengths[piece] ?? 0);
        forward[to] = (forward[to] ?? 0) + reached * (probabilities[piece] ?? 0);
      }
    }
    const total = forward[length] ?? 0;
    if (total === 0) continue; // underflow
    const count = counts[begin] ?? 0;
    logLikelihood += count * Math.log(total);
    backward[length] = 1;
    for (let at = length - 1; at >= 0; at--) {
      const reached = ((forward[at] ?? 0) * count) / total;
      const end = starts[begin + at + 1] ?? 0;
      let sum = 0;
      for (let edge = starts[begin + at] ?? 0; edge < end; edge++) {
        const piece = edges[edge] ?? 0;
        const rest = (probabilities[piece] ?? 0) * (backward[at + (lengths[piece] ?? 0)] ?? 0);
        sum += rest;
        weights[piece] = (weights[piece] ?? 0) + reached * rest;
      }
      backward[at] = sum;
    }
  }
  return { weights, logLikelihood };
}

/** The count of each piece in the most likely segmentation of every word (Viterbi). */
export function bestCounts(chunks: Chunks, pieces: Pieces, scores: Float64Array): Float64Array {
  const { left, counts } = chunks;
  const weights = new Float64Array(pieces.count);
  for (let begin = 0; begin < left.length; begin += left[begin] ?? 1) {
    for (const piece of bestPath(pieces, scores, { begin, length: left[begin] ?? 0 })) {
      weights[piece] = (weights[piece] ?? 0) + (counts[begin] ?? 0);
    }
  }
  return weights;
}

const best = new Float64Array(257);
const last = new Int32Array(257);

/**
 * The most likely pieces of a part of the text with up to 256 characters, last one first.
 *
 * @param without a piece that must not be used
 */
export function bestPath(
  { starts, edges, lengths }: Pieces,
  scores: Float64Array,
  { begin, length, without = -1 }: { begin: number; length: number; without?: number },
): number[] {
  best.fill(Number.NEGATIVE_INFINITY, 0, length + 1);
  best[0] = 0;
  for (let at = 0; at < length; at++) {
    const reached = best[at] ?? 0;
    const end = starts[begin + at + 1] ?? 0;
    for (let edge = starts[begin + at] ?? 0; edge < end; edge++) {
      const piece = edges[edge] ?? 0;
      const to = at + (lengths[piece] ?? 0);
      const score = reached + (scores[piece] ?? 0);
      if (to > length || piece === without || score <= (best[to] ?? 0)) continue;
      best[to] = score;
      last[to] = piece;
    }
  }
  const path: number[] = [];
  for (let at = length; at > 0; at -= lengths[last[at] ?? 0] ?? 1) path.push(last[at] ?? 0);
  return path;
}
