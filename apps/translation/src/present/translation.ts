import { styleText } from "node:util";
import { writeJsonLine, writeLine, writeNote } from "@attend/cli-kit";
import { writeFileAtomic } from "@attend/runtime/files";
import type { Translation } from "@attend/translator";

interface ShowOptions {
  readonly json: boolean;
  readonly nBest?: number;
  /** A PNG file, or true for the terminal. */
  readonly attention?: string | true;
}

/** Writes a translation to stdout in the requested form, and its pictures to files. */
export async function showTranslation(
  translation: Translation,
  number: number,
  { json, nBest = 1, attention }: ShowOptions,
): Promise<void> {
  if (json) await writeJsonLine(translation);
  else if (nBest === 1) await writeLine(translation.text);
  else {
    for (const [i, { score, text }] of translation.alternatives.entries()) {
      await writeLine(`${number}\t${i + 1}\t${score.toFixed(3)}\t${text}`);
    }
  }
  const alignments = translation.alignments ?? [];
  if (attention === true && !json) {
    const { formatAlignment } = await import("./alignment-text.ts");
    for (const alignment of alignments) await writeLine(`${formatAlignment(alignment)}\n`);
  } else if (typeof attention === "string") {
    await writePictures(translation, attention);
  }
}

/** Writes warnings about a translation to stderr; low confidence only if that is a terminal. */
export function noteTranslation(
  { protected: spans, confident }: Translation,
  number: number,
): void {
  const words = spans.filter(({ kind }) => kind === "word").map(({ text }) => text);
  if (words.length > 0) {
    writeNote(
      `warning: line ${number} has words that the model cannot read, which are left as they are: ${words.join(", ").slice(0, 80)}`,
    );
  }
  if (confident || !process.stderr.isTTY) return;
  const text = `line ${number} is far from the model's training data; do not rely on it (--about shows what the model can do)`;
  process.stderr.write(`${styleText("dim", text)}\n`);
}

let pictures = 0;

/** Uses the given name for the first one, and numbers the others. */
async function writePictures({ alignments = [] }: Translation, file: string): Promise<void> {
  const { drawAlignment } = await import("./alignment-picture.ts");
  for (const alignment of alignments) {
    if (alignment.target.length === 0) continue;
    pictures++;
    const path = pictures === 1 ? file : file.replace(/\.png$/, `-${pictures}.png`);
    await writeFileAtomic(path, await drawAlignment(alignment));
    writeNote(path);
  }
}
