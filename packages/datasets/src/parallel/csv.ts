import { readFields } from "../text-files/fields.ts";
import { type LineLimits, readLines } from "../text-files/lines.ts";
import { LinesAhead } from "../text-files/lines-ahead.ts";

/**
 * The rows of a CSV file, separated by commas, semicolons, tabs or bars, depending on the first row or a
 * line `sep=;`; quotes as in RFC 4180. A row with a broken quote is left out.
 *
 * @param note called for such rows
 */
export async function* csvFields(
  file: string,
  limits: LineLimits,
  note: (line: number, what: string) => void,
): AsyncGenerator<{ fields: readonly string[]; line: number }> {
  const lines = new LinesAhead(numbered(file, limits));
  const named = await lines.separator();
  const first = await lines.next();
  const delimiter = named ?? separatorOf(first?.text ?? "");
  for (let row = first; row !== undefined; row = await lines.next()) {
    const { fields, fault } = await readFields(row, lines, { delimiter });
    // Joins sentences that a spreadsheet broke into lines.
    if (fields !== undefined)
      yield { fields: fields.map((field) => field.replace(/\s*\n\s*/g, " ")), line: row.line };
    else note(row.line, `left out, it has ${fault}`);
  }
}

async function* numbered(file: string, limits: LineLimits) {
  let line = 0;
  for await (const block of readLines(file, limits)) {
    for (const text of block) yield { text, line: ++line };
  }
}

/** The separator beside a quoted field; else the one that splits the row in two, as sentences contain commas. */
function separatorOf(row: string): string {
  const beside = /^"(?:[^"]|"")*"\s*?([,;\t|])/.exec(row) ?? /([,;\t|])\s*?"/.exec(row);
  if (beside?.[1] !== undefined) return beside[1];
  const widths = ["\t", ";", "|", ","].map((separator) => ({
    separator,
    width: row.split(separator).length,
  }));
  const two = widths.find(({ width }) => width === 2);
  const most = widths.reduce((best, each) => (each.width > best.width ? each : best));
  return (two ?? most).separator;
}
