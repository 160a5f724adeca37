import type { Columns } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { languageTag } from "@attend/translator/language";
import { InvalidArgumentError, Option } from "commander";

export const fromOption = (text: string) =>
  new Option("--from <language>", text).argParser(readLanguage);

export const toOption = (text: string) =>
  new Option("--to <language>", text).argParser(readLanguage);

/** For files of pairs. */
export const swapOption = () =>
  new Option("--swap", "the files have the translations first").default(false);

export const columnsOption = () =>
  new Option(
    "--columns <two>",
    "two columns of a table, by number or name, such as 2,4 or en,de",
  ).argParser(readColumns);

/** The description of arguments that are files of pairs. */
export const pairFiles =
  "source and target files in turn, line by line; or .tsv, .csv, .jsonl; all optionally .gz";

/** Parses a language into its canonical tag. */
function readLanguage(value: string): string {
  try {
    return languageTag(value);
  } catch (thrown) {
    throw AttendError.isInstance(thrown) ? new InvalidArgumentError(thrown.message) : thrown;
  }
}

/** `2,4` or `en,de`. */
function readColumns(value: string): Columns {
  const [source, target, ...more] = value.split(",").map((name) => name.trim());
  if (!source || !target || more.length > 0) {
    throw new InvalidArgumentError(
      "Expected two columns, by number or name, such as 2,4 or en,de.",
    );
  }
  if (source === target) throw new InvalidArgumentError("The two columns are the same.");
  const read = (column: string) => (/^\d+$/.test(column) ? Number(column) : column);
  return { source: read(source), target: read(target) };
}
