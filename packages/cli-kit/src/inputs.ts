import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { AttendError, messageOf, systemCodeOf } from "@attend/runtime/errors";

/** One file of a batch, or why there is none at that path. */
export interface Input {
  readonly path: string;
  readonly error?: AttendError;
}

/** The lines of stdin without surrounding white space and without empty ones. */
export async function readStdinList(
  input: NodeJS.ReadableStream = process.stdin,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== "") lines.push(line.trim());
  }
  return lines;
}

/**
 * The files that command-line arguments name, in their order: a file as it is, whatever it is
 * called; a folder as every file below it that has one of the `extensions` (`.jpg`, in any case) and
 * is not hidden, sorted by name; `-` as the paths on stdin, one a line. A path that cannot be read
 * becomes an item with its error (FILE_NOT_FOUND where nothing is there), and the rest goes on.
 */
export async function expandInputs(
  args: readonly string[],
  { extensions }: { extensions: readonly string[] },
): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const arg of args) {
    const paths = arg === "-" ? await readStdinList() : [arg];
    for (const path of paths) inputs.push(...(await expandPath(path, extensions)));
  }
  return inputs;
}

async function expandPath(path: string, extensions: readonly string[]): Promise<Input[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ path }];
  } catch (thrown) {
    return [{ path, error: unreadable(path, thrown) }];
  }
  const inputs = await filesBelow(path, extensions);
  if (inputs.length > 0) return inputs;
  const message = `folder ${path} holds no file ending in ${extensions.join(", ")}`;
  return [{ path, error: new AttendError("FILE_NOT_FOUND", message) }];
}

async function filesBelow(folder: string, extensions: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = [];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".")) continue;
      // A symbolic link counts as a file: following links to folders could go round in circles.
      if (entry.isDirectory()) inputs.push(...(await filesBelow(path, extensions)));
      else if (extensions.includes(extname(entry.name).toLowerCase())) inputs.push({ path });
    }
  } catch (thrown) {
    inputs.push({ path: folder, error: unreadable(folder, thrown) });
  }
  return inputs;
}

function unreadable(path: string, thrown: unknown): AttendError {
  const code = systemCodeOf(thrown);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new AttendError("FILE_NOT_FOUND", `${path} does not exist; check the path`);
  }
  return new AttendError("READ_FAILED", `cannot read ${path}: ${messageOf(thrown)}`);
}
