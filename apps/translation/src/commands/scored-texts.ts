import type { Columns } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { isTable, readPairs } from "./pairs.ts";

/** The files of `attend-translate evaluate`: see its options. */
export interface ScoredFiles {
  readonly files: readonly string[];
  readonly hypotheses?: string | undefined;
  readonly references?: readonly string[] | undefined;
  readonly against?: string | undefined;
  readonly swap: boolean;
  readonly columns?: Columns | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** One per line, including empty lines. */
export interface ScoredTexts {
  /** Absent if nothing has to be translated. */
  readonly sources?: readonly string[];
  readonly references: readonly (readonly string[])[];
  /** An existing translation. */
  readonly hypotheses?: readonly string[];
  /** Another system's translation. */
  readonly baseline?: readonly string[];
}

/**
 * @throws AttendError like `readPairs`; BAD_ARGUMENT if something is missing; BAD_DATA, naming the files, if
 *   their numbers of lines differ
 */
export async function readScored(
  request: ScoredFiles,
  warn: (line: string) => void,
): Promise<ScoredTexts> {
  const { files, references: more = [], from, to } = request;
  requireTexts(request);
  const { readAllLines } = await import("@attend/datasets");
  const read = async (name: string): Promise<Lines> => ({ name, lines: await readAllLines(name) });
  const maybeRead = async (name: string | undefined) =>
    name === undefined ? undefined : await read(name);
  const [file] = files;
  const isPairs = files.length > 1 || isTable(file) || more.length === 0;
  const options = { ...request, option: "evaluate", keep: true, languages: [from, to], warn };
  const pairs = isPairs ? await readPairs(files, options) : undefined;
  const name = files.join(" and ");
  const references: Lines[] =
    pairs === undefined ? [] : [{ name, lines: pairs.map(({ target }) => target) }];
  for (const each of more) references.push(await read(each));
  const sources =
    pairs === undefined
      ? await maybeRead(file)
      : { name, lines: pairs.map(({ source }) => source) };
  const hypotheses = await maybeRead(request.hypotheses);
  const baseline = await maybeRead(request.against);
  requireAligned([...references, sources, hypotheses, baseline]);
  const columns = references.map(({ lines }) => lines);
  return {
    references: columns[0]?.map((_, line) => columns.map((column) => column[line] ?? "")) ?? [],
    ...(hypotheses === undefined
      ? { sources: sources?.lines ?? [] }
      : { hypotheses: hypotheses.lines }),
    ...(baseline && { baseline: baseline.lines }),
  };
}

interface Lines {
  readonly name: string;
  readonly lines: readonly string[];
}

function requireTexts({ files, hypotheses, references }: ScoredFiles): void {
  if (references !== undefined && (files.length > 0 || hypotheses !== undefined)) return;
  const [file] = files;
  if (file !== undefined && (hypotheses === undefined || files.length > 1 || isTable(file))) return;
  const message =
    hypotheses === undefined
      ? "there is nothing to evaluate; pass sources and their translations, or an existing translation with --hypotheses and --references"
      : `${hypotheses} needs references to be scored against; pass them with --references`;
  throw new AttendError("BAD_ARGUMENT", message);
}

function requireAligned([first, ...others]: readonly (Lines | undefined)[]): void {
  if (first === undefined) return;
  const count = first.lines.length;
  if (count === 0)
    throw new AttendError("BAD_DATA", `${first.name} is empty; use references to score against`);
  for (const other of others) {
    if (other === undefined || other.lines.length === count) continue;
    const lines = other.lines.length === 1 ? "one line" : `${other.lines.length} lines`;
    const message = `${other.name} has ${lines}, but ${first.name} has ${count}; use files that correspond line by line`;
    throw new AttendError("BAD_DATA", message);
  }
}
