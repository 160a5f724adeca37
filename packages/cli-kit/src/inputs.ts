import { isUtf8 } from "node:buffer";
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";
import type { Path } from "./path-list.ts";

/** One file of a batch, or why it cannot be read. */
export interface Input {
  readonly path: string;
  /** The path's bytes if they are not UTF-8; `path` is then their Latin-1 reading. */
  readonly bytesOfPath?: Buffer;
  readonly error?: AttendError;
}

/** Which files of a folder {@link expandInputs} includes. */
export interface ExpandOptions {
  /** File extensions in lower case, such as `.jpg`; they match in any case. */
  readonly extensions: readonly string[];
  /** Called for everything else in a folder: other files, pipes, links to folders. */
  readonly onSkip?: (path: string) => void;
}

/**
 * Lists the files that the paths refer to, in order. A file is listed whatever its name; a folder stands
 * for every file below it that has one of the `extensions` and is not hidden, sorted by name. A path that
 * cannot be read becomes an item with its error (FILE_NOT_FOUND if it does not exist); the others are
 * still listed.
 */
export async function expandInputs(
  paths: readonly Path[],
  options: ExpandOptions,
): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) {
    for await (const input of streamInputs(path, options)) inputs.push(input);
  }
  return inputs;
}

/**
 * The same for one path, as they are found: of a folder, no more is in memory than the names in it and in the folders
 * above.
 */
export async function* streamInputs(path: Path, options: ExpandOptions): AsyncGenerator<Input> {
  try {
    if (!(await stat(path)).isDirectory()) return yield inputOf(path);
  } catch (thrown) {
    return yield { ...inputOf(path), error: unreadable(path, thrown) };
  }
  let isEmpty = true;
  for await (const input of filesBelow(path, options)) {
    isEmpty = false;
    yield input;
  }
  if (!isEmpty) return;
  const input = inputOf(path);
  const message = `folder ${input.path} holds no file ending in ${options.extensions.join(", ")}`;
  yield { ...input, error: new AttendError("FILE_NOT_FOUND", message) };
}

async function* filesBelow(folder: Path, options: ExpandOptions): AsyncGenerator<Input> {
  try {
    for (const { entry, path } of await entriesOf(folder)) {
      const input = inputOf(path);
      const matches = options.extensions.includes(extname(input.path).toLowerCase());
      if (entry.isDirectory()) yield* filesBelow(path, options);
      else if (matches && (await isFile(entry, path))) yield input;
      else options.onSkip?.(input.path);
    }
  } catch (thrown) {
    yield { ...inputOf(folder), error: unreadable(folder, thrown) };
  }
}

/**
 * Whether an entry, or the target of a link, is a file. Links to folders could be circular, and reading a
 * pipe would block. A broken link counts as a file, so that it is reported.
 */
async function isFile(entry: Dirent<Buffer>, path: Path): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return stat(path).then(
    (target) => target.isFile(),
    () => true,
  );
}

/** The entries of a folder that are not hidden, sorted by name. */
async function entriesOf(folder: Path): Promise<{ entry: Dirent<Buffer>; path: Path }[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: "buffer" });
  return entries
    .filter(({ name }) => name[0] !== ".".charCodeAt(0))
    .sort((a, b) => Buffer.compare(a.name, b.name))
    .map((entry) => ({ entry, path: joinPath(folder, entry.name) }));
}

function joinPath(folder: Path, name: Buffer): Path {
  if (typeof folder === "string" && isUtf8(name)) return join(folder, name.toString());
  return Buffer.concat([Buffer.from(folder), Buffer.from("/"), name]);
}

function inputOf(path: Path): Input {
  return typeof path === "string" ? { path } : { path: path.toString("latin1"), bytesOfPath: path };
}

function unreadable(path: Path, thrown: unknown): AttendError {
  const error = readError(inputOf(path).path, thrown);
  // A shell passes such a name on with those characters replaced.
  const isLost = typeof path !== "string" || path.includes("\uFFFD");
  if (error.code !== "FILE_NOT_FOUND" || !isLost) return error;
  const remedy = "its name is not in UTF-8: give its folder, or write the list in UTF-8";
  return new AttendError(error.code, `${error.message.replace(/;[^;]*$/, "")}; ${remedy}`);
}
