import { basename, extname } from "node:path";
import { WavWriter } from "@attend/audio";
import { writeFileAtomic } from "@attend/runtime/files";
import { subtitleFormatOf, type TimedText, Timeline } from "@attend/speech-translation";
import type { InterpretedSentence } from "./interpreter.ts";

/** Where interpreted sentences are written to. */
interface InterpretedFilesOptions {
  /** A WAV file for the speech. */
  readonly out?: string | undefined;
  /** Its samples per second; default: the synthesizer's. */
  readonly rate?: number | undefined;
  /** A file for the translations, `.srt` or `.vtt`. */
  readonly subtitles?: string | undefined;
}

/** Writes the speech of sentences as they come, and their subtitles. What was added is kept, however the work ends. */
export class InterpretedFiles {
  readonly #options: InterpretedFilesOptions;
  readonly #format: ((texts: readonly TimedText[]) => string) | undefined;
  readonly #texts: TimedText[] = [];
  #speech: { readonly writer: WavWriter; readonly timeline: Timeline } | undefined;

  /** @throws AttendError BAD_ARGUMENT if the subtitles' file has another ending */
  constructor(options: InterpretedFilesOptions) {
    this.#options = options;
    this.#format =
      options.subtitles === undefined ? undefined : subtitleFormatOf(options.subtitles);
  }

  /** @throws AttendError WRITE_FAILED */
  async add({ start, end, translation: { text }, audio }: InterpretedSentence): Promise<void> {
    this.#texts.push({ start, end, text });
    const { out, rate } = this.#options;
    if (out === undefined || audio === undefined) return;
    if (this.#speech === undefined) {
      const sampleRate = rate ?? audio.sampleRate;
      const writer = await WavWriter.open(out, sampleRate);
      this.#speech = { writer, timeline: new Timeline(sampleRate) };
    }
    const { writer, timeline } = this.#speech;
    for (const samples of timeline.place(start, audio)) await writer.write(samples);
  }

  /**
   * Finishes the files; there are none without sentences.
   *
   * @returns a line about each file
   * @throws AttendError WRITE_FAILED
   */
  async close(): Promise<string[]> {
    const { out, subtitles } = this.#options;
    const written: string[] = [];
    if (this.#speech !== undefined) {
      const { writer } = this.#speech;
      await writer.close();
      written.push(`${out}: ${writer.seconds.toFixed(1)} s of speech`);
    }
    if (subtitles !== undefined && this.#format !== undefined && this.#texts.length > 0) {
      await writeFileAtomic(subtitles, this.#format(this.#texts));
      written.push(subtitles);
    }
    return written;
  }
}

/** The default file for the speech: `talk.ja.wav`, in the current folder; none for a microphone. */
export function speechFileOf(recording: string | undefined, to: string): string | undefined {
  if (recording === undefined) return undefined;
  return `${recording === "-" ? "speech" : basename(recording, extname(recording))}.${to}.wav`;
}
