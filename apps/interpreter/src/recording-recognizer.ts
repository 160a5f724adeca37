import { type Segment, streamAudio } from "@attend/audio";
import { loadVoiceActivity } from "@attend/speech-engines";
import {
  type Chain,
  chainOf,
  detectStage,
  type Heard,
  recognizeStage,
} from "@attend/speech-translation";
import { isOwn, openRecognizer, type RecognizerChoice } from "./engines/open-recognizer.ts";

/** What is said in a recording. */
export interface RecognizedRecording {
  readonly text: string;
  readonly segments: readonly Segment[];
  /** How long the recognition took. */
  readonly seconds: number;
}

/** Recognizes whole recordings. Memory does not grow with their length. */
export class RecordingRecognizer {
  readonly name: string;
  readonly #chain: Chain<Float32Array, Heard, unknown>;

  private constructor(name: string, chain: Chain<Float32Array, Heard, unknown>) {
    this.name = name;
    this.#chain = chain;
  }

  /** Loads a recognizer and a detector of speech. @throws AttendError of `openRecognizer` */
  static async load({
    from,
    nBest,
    ...choice
  }: Omit<RecognizerChoice, "language"> & {
    readonly from: string;
    readonly nBest?: number | undefined;
  }): Promise<RecordingRecognizer> {
    const recognizer = await openRecognizer({ ...choice, language: from });
    // Those that were trained here tell speech from silence themselves, also in recordings without a pause.
    const detector = await loadVoiceActivity(
      isOwn(choice) ? { name: "everything" } : { install: choice.install },
    );
    const chain = chainOf(detectStage(detector)).pipe(
      recognizeStage(recognizer, { language: from, nBest }),
    );
    return new RecordingRecognizer(recognizer.name, chain);
  }

  /** @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_AUDIO; ENGINE_FAILED; INTERRUPTED */
  async recognize(
    file: string,
    { signal, warn }: { readonly signal: AbortSignal; readonly warn: (line: string) => void },
  ): Promise<RecognizedRecording> {
    const sound = streamAudio(file, { signal, warn });
    const { outputs, report } = await this.#chain.run(sound, { signal });
    return {
      text: outputs.map(({ text }) => text).join(" "),
      segments: outputs.flatMap(({ segments }) => segments),
      seconds: report.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  }

  /** Ends the engines. */
  close(): Promise<void> {
    return this.#chain.close();
  }
}
