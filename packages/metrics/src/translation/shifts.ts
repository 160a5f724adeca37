import { EditDistance, Step } from "./edit-distance.ts";

/** Tercom's limits: the words in a shift, and how far it may move them. */
const maxShiftLength = 10;
const maxShiftDistance = 50;
/** sacreBLEU's limit on the shifts tried for one pair of lines. */
const maxTries = 1000;

/** Which hypothesis and reference words match in a minimum-cost edit. */
interface Alignment {
  /** For each reference word, the last hypothesis word aligned at or before it, or -1. */
  readonly positions: Int32Array;
  /** Cumulative error counts before each word, from which the errors of a span follow. */
  readonly hypothesisErrors: Int32Array;
  readonly referenceErrors: Int32Array;
}

interface Shift {
  readonly gain: number;
  readonly length: number;
  readonly start: number;
  readonly target: number;
}

/**
 * The number of edits of TER (Snover et al. 2006, algorithm 1): insertions, deletions,
 * substitutions, and shifts of contiguous words, each of which counts as one edit. Shifts are found
 * greedily, the one that saves the most edits first, as in Tercom and sacreBLEU.
 *
 * @param hypothesis the ids of its words, like those of `reference`.
 */
export function countEdits(hypothesis: Int32Array, reference: Int32Array): number {
  if (reference.length === 0) return hypothesis.length;
  const distances = new EditDistance(hypothesis.length, reference);
  let words = hypothesis;
  let shifts = 0;
  const tries = { left: maxTries };
  while (true) {
    const distance = distances.set(words);
    const shift = findShift(words, reference, distances, distance, tries);
    // A search that reached the limit is discarded, even if it found a shift.
    if (shift === undefined || shift.gain <= 0 || tries.left <= 0) return shifts + distance;
    words = shiftWords(words, shift.start, shift.length, shift.target);
    shifts++;
  }
}

/**
 * The shift that saves the most edits; on ties the longest, then the earliest, then the one with
 * the earliest target.
 */
function findShift(
  words: Int32Array,
  reference: Int32Array,
  distances: EditDistance,
  distance: number,
  tries: { left: number },
): Shift | undefined {
  const { positions, hypothesisErrors, referenceErrors } = align(
    distances.steps,
    words.length,
    reference.length,
  );
  let best: Shift | undefined;
  for (let start = 0; start < words.length; start++) {
    const first = Math.max(start - maxShiftDistance, 0);
    const last = Math.min(start + maxShiftDistance, reference.length - 1);
    for (let at = first; at <= last; at++) {
      for (let length = 1; length <= maxShiftLength; length++) {
        const end = start + length;
        const atEnd = at + length;
        if (end > words.length || atEnd > reference.length) break;
        if (words[end - 1] !== reference[atEnd - 1]) break;
        // Only spans that contain errors on both sides, and that do not move within themselves.
        if (hypothesisErrors[end] === hypothesisErrors[start]) continue;
        if (referenceErrors[atEnd] === referenceErrors[at]) continue;
        if (positions[at]! >= start && positions[at]! < end) continue;
        let former = -1;
        for (let before = at - 1; before < atEnd; before++) {
          const target = before < 0 ? 0 : positions[before]! + 1;
          if (target === former) continue;
          former = target;
          tries.left--;
          const shifted = shiftWords(words, start, length, target);
          const limit = distance - (best?.gain ?? Number.NEGATIVE_INFINITY);
          const cost = distances.distance(shifted, Math.min(start, target), limit);
          const shift = { gain: distance - cost, length, start, target };
          if (best === undefined || isBetter(shift, best)) best = shift;
        }
        if (tries.left <= 0) return best;
      }
    }
  }
  return best;
}

function isBetter(one: Shift, other: Shift): boolean {
  const difference =
    one.gain - other.gain ||
    one.length - other.length ||
    other.start - one.start ||
    other.target - one.target;
  return difference > 0;
}

/**
 * The words with `length` of them, from `start` on, moved before the word at `target`. A target
 * inside the moved span is counted from its end, as in sacreBLEU.
 */
function shiftWords(words: Int32Array, start: number, length: number, target: number): Int32Array {
  const end = start + length;
  const shifted = words.slice();
  if (target < start) {
    shifted.set(words.subarray(start, end), target);
    shifted.set(words.subarray(target, start), target + length);
    return shifted;
  }
  const until = Math.min(target > end ? target : target + length, words.length);
  shifted.set(words.subarray(end, until), start);
  shifted.set(words.subarray(start, end), start + until - end);
  return shifted;
}

/** Traces the edits of the table back from its end. */
function align(steps: Uint8Array, length: number, referenceLength: number): Alignment {
  const positions = new Int32Array(referenceLength);
  const hypothesisErrors = new Int32Array(length + 1);
  const referenceErrors = new Int32Array(referenceLength + 1);
  let i = length;
  let j = referenceLength;
  while (i > 0 || j > 0) {
    const step = steps[i * (referenceLength + 1) + j]!;
    const error = step === Step.keep ? 0 : 1;
    if (step !== Step.insert) hypothesisErrors[i] = error;
    if (step !== Step.remove) {
      referenceErrors[j] = error;
      positions[j - 1] = i - 1;
    }
    if (step !== Step.insert) i--;
    if (step !== Step.remove) j--;
  }
  for (let at = 1; at <= length; at++) hypothesisErrors[at]! += hypothesisErrors[at - 1]!;
  for (let at = 1; at <= referenceLength; at++) referenceErrors[at]! += referenceErrors[at - 1]!;
  return { positions, hypothesisErrors, referenceErrors };
}
