import { joinSamples } from "../samples.ts";
import { loadVoiceActivity } from "./load-voice-activity.ts";
import { Segmenter, type Stretch } from "./segmenter.ts";
import { listeningRate, type VoiceActivity, windowSize } from "./voice-activity.ts";

/** Options of {@link speechSegments}; times in seconds. */
export interface SegmentOptions {
  /** Stays open. Default: the best that is installed, which is closed at the end. */
  readonly detector?: VoiceActivity | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A segment ends when this much silence follows; default 0.5. */
  readonly minSilence?: number | undefined;
  /**
   * A stretch that may have ended is yielded as a draft when this much silence follows, but not less than `padding`. Default:
   * there are no drafts.
   */
  readonly draftSilence?: number | undefined;
  /** Less speech than this is none; default 0.1. */
  readonly minSpeech?: number | undefined;
  /** Kept before and after speech; default 0.2. */
  readonly padding?: number | undefined;
  /** Longer segments are cut at a pause if there is one; default 28, as Whisper listens to 30. */
  readonly maxSeconds?: number | undefined;
}

/** A stretch of speech within a recording. */
export interface SpeechSegment {
  /** Seconds from the start of the recording. */
  readonly start: number;
  /** At 16 kHz. */
  readonly samples: Float32Array;
  /** Whether it may go on: the same stretch follows if it does not, and otherwise a longer one. */
  readonly isDraft?: boolean;
}

/**
 * Finds speech in a recording or a stream, and yields each stretch as soon as it has ended; nothing for silence and
 * noise. The memory is that of one stretch.
 *
 * @param chunks samples at 16 kHz, in pieces of any length
 * @throws AttendError INTERRUPTED if `signal` is aborted; ENGINE_FAILED if the detector fails
 */
export async function* speechSegments(
  chunks: AsyncIterable<Float32Array> | Iterable<Float32Array>,
  options: SegmentOptions = {},
): AsyncGenerator<SpeechSegment> {
  const { signal, minSilence = 0.5, minSpeech = 0.1, padding = 0.2, maxSeconds = 28 } = options;
  const { draftSilence } = options;
  const windows = (seconds: number) =>
    Math.max(1, Math.round((seconds * listeningRate) / windowSize));
  const segmenter = new Segmenter({
    minSilence: windows(minSilence),
    draftSilence: draftSilence === undefined ? undefined : windows(Math.max(draftSilence, padding)),
    minSpeech: windows(minSpeech),
    padding: windows(padding),
    maxLength: windows(maxSeconds),
  });
  const detector = options.detector ?? (await loadVoiceActivity());
  try {
    const listen = detector.listen();
    for await (const samples of wholeWindows(chunks)) {
      const probabilities = await listen(samples, signal);
      for (const [i, probability] of probabilities.entries()) {
        const window = samples.subarray(i * windowSize, (i + 1) * windowSize);
        const stretch = segmenter.push(window, probability);
        if (stretch !== undefined) yield segmentOf(stretch);
      }
    }
    const last = segmenter.flush();
    if (last !== undefined) yield segmentOf(last);
  } finally {
    if (options.detector === undefined) await detector.close();
  }
}

function segmentOf({ start, windows, isDraft }: Stretch): SpeechSegment {
  const segment = { start: (start * windowSize) / listeningRate, samples: joinSamples(windows) };
  return isDraft ? { ...segment, isDraft } : segment;
}

/** The samples in pieces of at most a second that are multiples of a window; zeros fill the last one. */
async function* wholeWindows(
  chunks: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): AsyncGenerator<Float32Array> {
  const most = 31 * windowSize;
  let rest = new Float32Array(0);
  for await (const chunk of chunks) {
    const all = joinSamples([rest, chunk]);
    const whole = all.length - (all.length % windowSize);
    for (let at = 0; at < whole; at += most) yield all.subarray(at, Math.min(whole, at + most));
    rest = all.slice(whole);
  }
  if (rest.length === 0) return;
  const last = new Float32Array(windowSize);
  last.set(rest);
  yield last;
}
