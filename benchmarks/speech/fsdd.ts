import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Recording } from "@attend/speech-recognition/training";

const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** A recording of one digit. */
export interface Digit extends Recording {
  readonly speaker: string;
  /** The number of the recording, from 0; the official test part has those below 5. */
  readonly take: number;
}

/** The recordings of the Free Spoken Digit Dataset: `{digit}_{speaker}_{take}.wav`. */
export async function readDigits(folder: string): Promise<Digit[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".wav")).sort();
  return names.map((name) => {
    const [digit = "", speaker = "", take = ""] = name.replace(".wav", "").split("_");
    return {
      file: join(folder, name),
      text: words[Number(digit)] ?? digit,
      speaker,
      take: Number(take),
    };
  });
}
