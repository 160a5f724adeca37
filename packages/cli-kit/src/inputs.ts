import { isUtf8 } from "node:buffer";
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";
import type { Path } from "./path-list.ts";

/** One file of a batch, or why there is none at that path. */
export interface Input {
  readonly path: string;
  /** The path's bytes where they are no UTF-8; `path` then reads them as Latin-1. */
  readonly bytesOfPath?: Buffer;
  readonly error?: AttendError;
}

/** What is taken from folders. */
export interface ExpandOptions {
  /** Of the files that are taken from folders: `.jpg`, in any case. */
  readonly extensions: readonly string[];
  /** Told of what else is in a folder: other files, pipes, links to folders. */
  readonly onPassedOver?: (path: string) => void;
}

/**
 * The files that paths name, in their order: a file as it is, whatever it is called; a folder as every
 * file below it that has one of the `extensions` and is not hidden, sorted by name. A path that cannot
 * be read becomes an item with its error (FILE_NOT_FOUND where nothing is there), and the rest goes on.
 */
export async function expandInputs(
  paths: readonly Path[],
  options: ExpandOptions,
): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) inputs.push(...(await expandPath(path, options)));
  return inputs;
}

async function expandPath(path: Path, options: ExpandOptions): Promise<Input[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [inputOf(path)];
  } catch (thrown) {
    return [{ ...inputOf(path), error: unreadable(path, thrown) }];
  }
  const inputs = await filesBelow(path, options);
  if (inputs.length > 0) return inputs;
  const input = inputOf(path);
  const message = `folder ${input.path} holds no file ending in ${options.extensions.join(", ")}`;
  return [{ ...input, error: new AttendError("FILE_NOT_FOUND", message) }];
}

async function filesBelow(folder: Path, options: ExpandOptions): Promise<Input[]> {
  const inputs: Input[] = [];
  try {
    for (const { entry, path } of await entriesOf(folder)) {
      const input = inputOf(path);
      const isCalledSo = options.extensions.includes(extname(input.path).toLowerCase());
      if (entry.isDirectory()) inputs.push(...(await filesBelow(path, options)));
      else if (isCalledSo && (await isFile(entry, path))) inputs.push(input);
      else options.onPassedOver?.(input.path);
    }
  } catch (thrown) {
    inputs.push({ ...inputOf(folder), error: unreadable(folder, thrown) });
  }
  return inputs;
}

/**
 * Whether an entry or what it is a link to is a file: to follow links to folders could go round in
 * circles, and a pipe would be waited for. A link to nowhere is taken for one, so that it is told.
 */
async function isFile(entry: Dirent<Buffer>, path: Path): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return stat(path).then(
    (target) => target.isFile(),
    () => true,
  );
}

/** What is in a folder and not hidden, by name. */
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
  // A terminal hands such a name over with its letters lost.
  const isLost = typeof path !== "string" || path.includes("\uFFFD");
  if (error.code !== "FILE_NOT_FOUND" || !isLost) return error;
  const remedy = "its name is not in UTF-8: give its folder, or write the list in UTF-8";
  return new AttendError(error.code, `${error.message.replace(/;[^;]*$/, "")}; ${remedy}`);
}
