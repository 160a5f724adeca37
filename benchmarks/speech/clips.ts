import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Audio, readAudio } from "@attend/audio";

/** A recording and what is said in it. */
export interface Clip {
  readonly audio: Audio;
  readonly text: string;
}

/** Reads the first recordings that `transcripts.tsv` (name, tab, text) in a folder names, at 16 kHz; all without `count`. */
export async function readClips(folder: string, count?: number): Promise<Clip[]> {
  const lines = readFileSync(join(folder, "transcripts.tsv"), "utf8").trim().split("\n");
  return Promise.all(
    lines.slice(0, count).map(async (line) => {
      const [name = "", text = ""] = line.split("\t");
      return { audio: await readAudio(join(folder, `${name}.wav`)), text };
    }),
  );
}
