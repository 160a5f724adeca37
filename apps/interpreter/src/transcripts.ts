import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { readAllLines } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";

/** A recording whose words are known. */
export interface TranscribedRecording {
  readonly file: string;
  readonly transcript: string;
  /** Translations by people; none if the folder has none. */
  readonly references: readonly string[];
}

/**
 * Reads a folder of recordings with `transcripts.tsv`, a line for each: its name (the ending may be missing), a tab, and what
 * is said as it should be written; further columns are ignored. `translations.tsv`, if there is one, has translations in
 * the same form.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED; BAD_DATA naming a line without a text or a recording
 */
export async function readTranscripts(folder: string): Promise<TranscribedRecording[]> {
  const transcripts = await readTable(join(folder, "transcripts.tsv"));
  const translations = join(folder, "translations.tsv");
  const translated = new Map(
    (existsSync(translations) ? await readTable(translations) : []).map(({ name, text }) => [
      name,
      text,
    ]),
  );
  const files = new Map((await readdir(folder)).map((name) => [stemOf(name), join(folder, name)]));
  return transcripts.map(({ name, text, where }) => {
    const file = files.get(name);
    if (file === undefined) {
      const message = `${where} names "${name}", which is not in the folder; correct the name or remove the line`;
      throw new AttendError("BAD_DATA", message);
    }
    const translation = translated.get(name);
    return { file, transcript: text, references: translation === undefined ? [] : [translation] };
  });
}

/** The lines of a table: a recording's name without its ending, a text, and where the line is. */
async function readTable(path: string) {
  const rows = (await readAllLines(path)).flatMap((line, i) => {
    if (line.trim() === "") return [];
    const [name = "", text = ""] = line.split("\t").map((cell) => cell.trim());
    const where = `line ${i + 1} of ${path}`;
    if (text === "") {
      throw new AttendError("BAD_DATA", `${where} has no text; write a name, a tab and a text`);
    }
    return [{ name: stemOf(name), text, where }];
  });
  if (rows.length > 0) return rows;
  throw new AttendError("BAD_DATA", `${path} is empty; write lines of a name, a tab and a text`);
}

/** A recording's name without its ending. */
function stemOf(name: string): string {
  const ending = /^\.(wav|flac|mp3|ogg|opus|webm|m4a)$/i.test(extname(name)) ? extname(name) : "";
  return name.slice(0, name.length - ending.length);
}
