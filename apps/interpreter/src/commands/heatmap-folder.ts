import { basename, extname, join } from "node:path";
import { readAudio } from "@attend/audio";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import { loadSpeechRecognizer, type SpeechRecognizer } from "@attend/speech-recognition";
import { drawHeatmaps } from "../present/heatmap-picture.ts";

/** A folder of pictures of what a recognizer heard. */
export class HeatmapFolder {
  readonly #folder: string;
  readonly #recognizer: SpeechRecognizer;

  private constructor(folder: string, recognizer: SpeechRecognizer) {
    this.#folder = folder;
    this.#recognizer = recognizer;
  }

  /** @throws AttendError WRITE_FAILED; those of `loadSpeechRecognizer` */
  static async open(folder: string, model: string | undefined): Promise<HeatmapFolder> {
    await ensureWritableDirectory(folder);
    return new HeatmapFolder(folder, await loadSpeechRecognizer({ model }));
  }

  /** Writes `hello.heatmap.png` for `hello.wav`; returns its path. @throws AttendError WRITE_FAILED, INTERRUPTED */
  async write(recording: string, signal: AbortSignal): Promise<string> {
    const maps = await this.#recognizer.heatmap(await readAudio(recording, { signal }), { signal });
    const name = `${basename(recording, extname(recording))}.heatmap.png`;
    const file = join(this.#folder, name);
    await writeFileAtomic(file, await drawHeatmaps(maps));
    return file;
  }

  close(): Promise<void> {
    return this.#recognizer.close();
  }
}
