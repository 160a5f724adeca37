import type { Chunks } from "./chunks.ts";
import type { Pieces } from "./pieces.ts";

/** What pieces are expected to be used, and how likely the text is. */
interface Expectation {
  /** By piece. */
  readonly weights: Float64Array;
  readonly logLikelihood: number;
}

/**
 * How often each piece is used on average over all ways to cut the text, each as likely as the pieces
 * make it: the E step, by the forward-backward sums over each word (Kudo 2018, section 3.2).
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
      const here = forward[at] ?? 0;
      const behind = starts[begin + at + 1] ?? 0;
      for (let edge = starts[begin + at] ?? 0; edge < behind; edge++) {
        const piece = edges[edge] ?? 0;
        const to = at + (lengths[piece] ?? 0);
        forward[to] = (forward[to] ?? 0) + here * (probabilities[piece] ?? 0);
      }
    }
    const whole = forward[length] ?? 0;
    if (whole === 0) continue; // Rarer than numbers can be.
    const count = counts[begin] ?? 0;
    logLikelihood += count * Math.log(whole);
    backward[length] = 1;
    for (let at = length - 1; at >= 0; at--) {
      const here = ((forward[at] ?? 0) * count) / whole;
      const behind = starts[begin + at + 1] ?? 0;
      let sum = 0;
      for (let edge = starts[begin + at] ?? 0; edge < behind; edge++) {
        const piece = edges[edge] ?? 0;
        const way = (probabilities[piece] ?? 0) * (backward[at + (lengths[piece] ?? 0)] ?? 0);
        sum += way;
        weights[piece] = (weights[piece] ?? 0) + here * way;
      }
      backward[at] = sum;
    }
  }
  return { weights, logLikelihood };
}

/** How often each piece is used where every word is cut in its most likely way (Viterbi). */
export function bestUse(chunks: Chunks, pieces: Pieces, scores: Float64Array): Float64Array {
  const { left, counts } = chunks;
  const weights = new Float64Array(pieces.count);
  for (let begin = 0; begin < left.length; begin += left[begin] ?? 1) {
    for (const piece of bestWay(pieces, scores, { begin, length: left[begin] ?? 0 })) {
      weights[piece] = (weights[piece] ?? 0) + (counts[begin] ?? 0);
    }
  }
  return weights;
}

const best = new Float64Array(257);
const last = new Int32Array(257);

/**
 * The most likely pieces for a part of the text of up to 256 characters, the last one first.
 *
 * @param without a piece that may not be used
 */
export function bestWay(
  { starts, edges, lengths }: Pieces,
  scores: Float64Array,
  { begin, length, without = -1 }: { begin: number; length: number; without?: number },
): number[] {
  best.fill(Number.NEGATIVE_INFINITY, 0, length + 1);
  best[0] = 0;
  for (let at = 0; at < length; at++) {
    const here = best[at] ?? 0;
    const behind = starts[begin + at + 1] ?? 0;
    for (let edge = starts[begin + at] ?? 0; edge < behind; edge++) {
      const piece = edges[edge] ?? 0;
      const to = at + (lengths[piece] ?? 0);
      const score = here + (scores[piece] ?? 0);
      if (to > length || piece === without || score <= (best[to] ?? 0)) continue;
      best[to] = score;
      last[to] = piece;
    }
  }
  const way: number[] = [];
  for (let at = length; at > 0; at -= lengths[last[at] ?? 0] ?? 1) way.push(last[at] ?? 0);
  return way;
}
