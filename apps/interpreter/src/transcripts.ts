import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { readAllLines } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";

/** A recording whose words are known. */
export interface TranscribedRecording {
  readonly file: string;
  readonly transcript: string;
  /** Translations; none if the file has no column for them. */
  readonly references: readonly string[];
}

/**
 * Reads a folder of recordings with `transcripts.tsv`: a line for each, with its name (the ending may be left out), a tab,
 * its words, and optionally tabs and translations.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED; BAD_DATA naming a line without a transcript or a recording
 */
export async function readTranscripts(folder: string): Promise<TranscribedRecording[]> {
  const table = join(folder, "transcripts.tsv");
  const lines = await readAllLines(table);
  const names = new Map((await readdir(folder)).map((name) => [stemOf(name), name]));
  const recordings = lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const [name = "", transcript = "", ...references] = line.split("\t").map((cell) => cell.trim());
    const file = names.get(stemOf(name));
    const fault =
      transcript === ""
        ? "has no tab and transcript after the name"
        : file === undefined
          ? `names "${name}", which is not in the folder`
          : undefined;
    if (file === undefined || fault !== undefined) {
      throw new AttendError("BAD_DATA", `line ${i + 1} of ${table} ${fault}; correct it`);
    }
    return { file: join(folder, file), transcript, references };
  });
  if (recordings.length > 0) return recordings;
  throw new AttendError("BAD_DATA", `${table} is empty; write a name, a tab and a transcript`);
}

/** A name without its ending. `transcripts.tsv` itself has none of the recordings' endings. */
function stemOf(name: string): string {
  return /^\.(wav|flac|mp3|ogg|opus|webm|m4a)$/i.test(extname(name))
    ? name.slice(0, -extname(name).length)
    : name;
}
