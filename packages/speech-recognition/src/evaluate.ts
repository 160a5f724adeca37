import { readAudio } from "@attend/audio";
import { characterErrorRate, wordErrorRate } from "@attend/metrics";
import type { SpeechRecognizer } from "./recognizer.ts";
import type { Recording } from "./transcripts.ts";

/** How well recordings are recognized. */
export interface RecognitionScores {
  readonly recordings: number;
  /** Word error rate, 0 if all is right. */
  readonly wer: number;
  /** Character error rate. */
  readonly cer: number;
  /** Processor time by the time of the recordings. */
  readonly realTimeFactor: number;
}

/**
 * Recognizes recordings and compares with their texts.
 *
 * @throws AttendError INTERRUPTED; the errors of `readAudio`
 */
export async function evaluateRecognizer(
  recognizer: SpeechRecognizer,
  recordings: readonly Recording[],
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  } = {},
): Promise<{ scores: RecognitionScores; texts: string[] }> {
  const { signal } = options;
  const texts: string[] = [];
  let [seconds, recorded] = [0, 0];
  for (const { file } of recordings) {
    const audio = await readAudio(file);
    const start = process.cpuUsage();
    const segments = await recognizer.recognize(audio, { ...(signal && { signal }) });
    const { user, system } = process.cpuUsage(start);
    seconds += (user + system) / 1e6;
    recorded += audio.samples.length / audio.sampleRate;
    texts.push(segments.map(({ text }) => text).join(" "));
    options.onProgress?.(texts.length, recordings.length);
  }
  const references = recordings.map(({ text }) => text);
  const [wer, cer] = [
    wordErrorRate(texts, references).rate,
    characterErrorRate(texts, references).rate,
  ];
  const realTimeFactor = recorded === 0 ? 0 : seconds / recorded;
  return { scores: { recordings: recordings.length, wer, cer, realTimeFactor }, texts };
}
