import type { SpeechSegment } from "../voice/speech-segments.ts";
import { listeningRate } from "../voice/voice-activity.ts";

/** A piece of a recording: the first sample and the one after the last. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

const most = 28 * listeningRate;
/** Silence within a piece makes a recognizer invent words. */
const longestGap = 1 * listeningRate;

/**
 * Joins neighbors to pieces of at most 28 s: a recognizer that computes for 30 s whatever it hears is then faster, and
 * knows more of the context (Bain et al. 2023, 'WhisperX', section 2.2).
 */
export function packSegments(segments: readonly SpeechSegment[]): Piece[] {
  const pieces: Piece[] = [];
  for (const { start: seconds, samples } of segments) {
    const start = Math.round(seconds * listeningRate);
    const end = start + samples.length;
    const last = pieces.at(-1);
    if (last !== undefined && end - last.start <= most && start - last.end <= longestGap) {
      pieces[pieces.length - 1] = { start: last.start, end };
    } else {
      pieces.push({ start, end });
    }
  }
  return pieces;
}
