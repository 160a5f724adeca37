import { existsSync } from "node:fs";
import { join } from "node:path";
import { readAllLines } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { spokenForm } from "./labels.ts";

/** A recording and what is said in it. */
export interface Recording {
  readonly file: string;
  readonly text: string;
  /** Absent if it is not known. */
  readonly speaker?: string;
}

const name = "transcripts.tsv";
const format = `a file, a tab, its text, and maybe another tab and the speaker`;

/**
 * Reads the transcripts of a folder of recordings, `transcripts.tsv`: on each line a file, a tab and its text, and maybe the
 * speaker after another tab; a first line `file`, `text`, `speaker` is a header. `.wav` may be missing. A recording may be
 * silent: its text is empty.
 *
 * @throws AttendError FILE_NOT_FOUND if the transcripts or a recording are missing; BAD_DATA for a line in another form
 */
export async function readTranscripts(folder: string): Promise<Recording[]> {
  const path = join(folder, name);
  if (!existsSync(path)) {
    const message = `${path} does not exist; write it, with a line for each recording: ${format}`;
    throw new AttendError("FILE_NOT_FOUND", message);
  }
  const recordings: Recording[] = [];
  for (const [index, line] of (await readAllLines(path)).entries()) {
    if (line.trim() === "") continue;
    const [file = "", text, speaker, ...more] = line.split("\t").map((cell) => cell.trim());
    if (index === 0 && file.toLowerCase() === "file") continue;
    const where = `${path} line ${index + 1}`;
    if (file === "" || text === undefined || more.length > 0) {
      throw new AttendError(
        "BAD_DATA",
        `${where} is not in the form of transcripts; give ${format}`,
      );
    }
    const found = [file, `${file}.wav`].map((each) => join(folder, each)).find(existsSync);
    if (found === undefined) {
      const message = `${where} names ${file}, which does not exist in ${folder}; correct the name or remove the line`;
      throw new AttendError("FILE_NOT_FOUND", message);
    }
    recordings.push({
      ...{ file: found, text: spokenForm(text) },
      ...(speaker !== undefined && speaker !== "" && { speaker }),
    });
  }
  if (recordings.some(({ text }) => text !== "")) return recordings;
  throw new AttendError("BAD_DATA", `${path} has no recording with a text; give ${format}`);
}
