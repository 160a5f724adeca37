import { existsSync, lstatSync, readlinkSync } from "node:fs";
import {
  type FileHandle,
  mkdir,
  open,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { collectBytes } from "./bytes.ts";
import { AttendError, messageOf, systemCodeOf } from "./errors.ts";
import { nearestPath } from "./nearest.ts";

/** Text (UTF-8), bytes, or chunks that are written one after the other without being joined. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array>;

let temporaryFiles = 0;
/** The longest path, in characters, that any system accepts. */
const longestPath = 4096;

/**
 * Writes a file so that its path always holds either the old content or the new, never a part of
 * it: the data goes to a temporary file in the same folder, is flushed to disk, and replaces the
 * file by a rename. A symbolic link is kept and its target replaced; a device or pipe
 * (`/dev/stdout`) is written to directly.
 *
 * @throws AttendError WRITE_FAILED, naming the file and the remedy; the old file is then unchanged
 * and the temporary one removed
 */
export async function writeFileAtomic(path: string, data: FileContent): Promise<void> {
  await writeFilesAtomic([[path, data]]);
}

/**
 * Writes files that belong together, as {@link writeFileAtomic} does: none is replaced before all
 * are written and flushed, so that an interruption leaves the old ones consistent.
 *
 * @throws AttendError WRITE_FAILED, naming the file and the remedy
 */
export async function writeFilesAtomic(
  files: Iterable<readonly [path: string, data: FileContent]>,
): Promise<void> {
  const staged: { path: string; target: string; temporary: string }[] = [];
  try {
    for (const [path, data] of files) {
      const target = await realpath(path).catch(() => path);
      const existing = await stat(target).catch(() => undefined);
      const isReplaced = existing === undefined || existing.isFile();
      const temporary = isReplaced ? temporaryBeside(target) : target;
      if (isReplaced) staged.push({ path, target, temporary });
      await writeAll(temporary, data, existing?.mode).catch((thrown: unknown) => {
        throw writeError(path, thrown);
      });
    }
    for (const { path, target, temporary } of staged) {
      await rename(temporary, target).catch((thrown: unknown) => {
        throw writeError(path, thrown);
      });
    }
  } catch (thrown) {
    for (const { temporary } of staged) await rm(temporary, { force: true }).catch(() => {});
    throw thrown;
  }
}

/** A path for what is written before it replaces `target` by a rename: a hidden one in the same folder. */
export function temporaryBeside(target: string): string {
  // Truncated, because a name of the maximum length would become too long with the suffix. Processes of several machines
  // may write into a folder, and in containers most have the same number.
  const unique = `${hostname().slice(0, 40)}-${process.pid}-${temporaryFiles++}`;
  return join(dirname(target), `.${basename(target).slice(0, 40)}.${unique}.tmp`);
}

async function writeAll(path: string, data: FileContent, mode?: number): Promise<void> {
  const file = await open(path, "w", mode);
  try {
    await writeFile(file, data);
    // Only now is a full disk certain to be detected. Devices and pipes cannot be flushed.
    await file.sync().catch((thrown: unknown) => {
      if (systemCodeOf(thrown) !== "EINVAL") throw thrown;
    });
  } finally {
    await file.close();
  }
}

/**
 * Reads a file of at most `maxBytes` bytes, also from a device or pipe.
 *
 * @param path a Buffer if it is not valid UTF-8
 * @throws AttendError FILE_NOT_FOUND if it does not exist; READ_FAILED if it is a folder,
 * unreadable, or too large
 */
export async function readFileLimited(
  path: string | Buffer,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  const name = typeof path === "string" ? path : path.toString("latin1");
  const tooLarge = () => {
    const limit = `at most ${maxBytes.toLocaleString("en")} bytes are allowed`;
    return new AttendError("READ_FAILED", `${name} is too large: ${limit}; give a smaller file`);
  };
  try {
    const file = await open(path);
    const whole = await readRegularFile(file, maxBytes);
    if (whole !== undefined) return whole;
    // `end` is inclusive: one byte more than allowed shows that the file is too large.
    const stream = file.createReadStream({ end: maxBytes, highWaterMark: 2 ** 20 });
    return await collectBytes(stream, maxBytes, tooLarge);
  } catch (thrown) {
    throw AttendError.isInstance(thrown) ? thrown : readError(name, thrown);
  }
}

/**
 * Reads a file of known size, at most `maxBytes`, into memory of just that size, and closes it; undefined for any other,
 * which is left open.
 */
async function readRegularFile(file: FileHandle, maxBytes: number): Promise<Buffer | undefined> {
  const status = await file.stat();
  // Those that the system makes on reading, such as in /proc, have a size of 0.
  if (!status.isFile() || status.size === 0 || status.size > maxBytes) return undefined;
  try {
    const bytes = Buffer.allocUnsafeSlow(status.size);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read) {
      read = (await file.read(bytes, length)).bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}

/**
 * Ensures that a folder exists (including its parents) and is writable, so that hours of work are
 * not lost to a folder that was read-only from the start.
 *
 * @throws AttendError WRITE_FAILED, naming the folder and the remedy
 */
export async function ensureWritableDirectory(path: string): Promise<void> {
  if (path === "") throw new AttendError("WRITE_FAILED", "the folder's path is empty; give one");
  const probe = temporaryBeside(join(path, "writable"));
  try {
    await createFolder(path);
    await writeAll(probe, "");
    await rm(probe);
  } catch (thrown) {
    const remedy = lostLink(path) ?? uncreatable(path, thrown) ?? writeRemedy(path, thrown);
    const message = `cannot write into folder ${path}: ${remedy}`;
    throw new AttendError("WRITE_FAILED", message, { cause: thrown });
  }
}

/** Creates a folder and its parents. Node's recursive mkdir loops forever below `/proc`. */
async function createFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let part = path; part !== nearestEntry(part); part = dirname(part)) missing.unshift(part);
  for (const part of missing) {
    await mkdir(part).catch((thrown: unknown) => {
      if (systemCodeOf(thrown) !== "EEXIST") throw thrown; // Another process created it first.
    });
  }
}

/** Turns a failed read of `path` into an error for users. */
export function readError(path: string, thrown: unknown): AttendError {
  const options = { cause: thrown };
  switch (systemCodeOf(thrown)) {
    case "ENOENT":
    case "ENOTDIR":
    case "ENAMETOOLONG":
    case "ERR_INVALID_ARG_VALUE": // The path contains a NUL character.
      return new AttendError("FILE_NOT_FOUND", absentMessage(path), options);
    case "EISDIR":
      return new AttendError("READ_FAILED", `${path} is a folder; give a file`, options);
    case "EACCES":
    case "EPERM": {
      const remedy = "permission denied; make it readable for your user";
      return new AttendError("READ_FAILED", `cannot read ${path}: ${remedy}`, options);
    }
    default:
      return new AttendError("READ_FAILED", `cannot read ${path}: ${messageOf(thrown)}`, options);
  }
}

/** Whether a text is a URL (`https://...`, `file:/...`, `data:...`), and so not a path. */
export function isAddress(text: string): boolean {
  return /^(?:data:\S|file:\/|[a-z][a-z\d+.-]+:\/\/)/i.test(text);
}

/**
 * The message for a path that does not exist, with a suggestion for what was meant, otherwise
 * `remedy`.
 */
export function absentMessage(path: string, remedy = "check the path"): string {
  if (path === "") return `an empty path was given; ${remedy}`;
  if (path.includes("\0") || path.length > longestPath) {
    return `${JSON.stringify(path.slice(0, 60))}... (${path.length} characters) is not a valid path; ${remedy}`;
  }
  if (isAddress(path)) {
    return `${path} is a URL, but only files can be read here; download it and give its path`;
  }
  const lost = lostLink(path);
  if (lost !== undefined) return lost;
  const near = nearestPath(path);
  return `${path} does not exist; ${near === undefined ? remedy : `did you mean ${near}?`}`;
}

/** A message if `path`, or its nearest existing ancestor, is a dangling symbolic link. */
function lostLink(path: string): string | undefined {
  const part = nearestEntry(path);
  try {
    if (existsSync(part)) return undefined;
    return `${part} is a link to ${readlinkSync(part)}, which does not exist; remove it or create what it points to`;
  } catch {
    return undefined;
  }
}

/** Why a folder cannot be created even though its parents exist, as in `/proc`. */
function uncreatable(path: string, thrown: unknown): string | undefined {
  if (systemCodeOf(thrown) !== "ENOENT") return undefined;
  return `nothing can be created in ${nearestEntry(path)}; choose another path`;
}

/** The path itself if it exists, otherwise its nearest existing ancestor. */
function nearestEntry(path: string): string {
  const isThere = (part: string) => {
    try {
      return lstatSync(part, { throwIfNoEntry: false }) !== undefined;
    } catch {
      return false;
    }
  };
  let part = path;
  while (!isThere(part) && dirname(part) !== part) part = dirname(part);
  return part;
}

/** Turns a failed write to `path` into an error for users. */
export function writeError(path: string, thrown: unknown): AttendError {
  const message = `cannot write ${path}: ${writeRemedy(path, thrown)}`;
  return new AttendError("WRITE_FAILED", message, { cause: thrown });
}

function writeRemedy(path: string, thrown: unknown): string {
  switch (systemCodeOf(thrown)) {
    case "ENOSPC":
      return "the disk is full; free some space or choose another disk, then retry";
    case "EDQUOT":
      return "your disk quota is used up; free some space or choose another disk";
    case "EFBIG":
      return "the file is larger than this disk or your limit (ulimit -f) allows";
    case "ENOENT":
      return lostLink(path) ?? `the folder ${dirname(path)} does not exist; create it first`;
    case "ENAMETOOLONG":
      return "the name is too long for this disk; choose a shorter one";
    case "ENOTDIR":
    case "EEXIST":
      return "a part of the path is a file, not a folder; choose another path";
    case "EISDIR":
      return "it is a folder; choose another path";
    case "EROFS":
      return "the disk is read-only; choose another path";
    case "EACCES":
    case "EPERM":
      return "permission denied; make it writable for your user or choose another path";
    default:
      return messageOf(thrown);
  }
}
