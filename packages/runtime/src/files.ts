import { mkdir, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AttendError, messageOf, systemCodeOf } from "./errors.ts";
import { nearestPath } from "./nearest.ts";

/** Text (UTF-8), bytes, or pieces that are written one after the other without being joined. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array>;

let temporaryFiles = 0;

/**
 * Writes a file so that its path holds the old content or the new, never a part: the data goes to a
 * temporary file in the same folder, is flushed to the disk, and takes the path's place by rename.
 * A symbolic link stays and its target is replaced; a device or pipe (`/dev/stdout`) is written to.
 *
 * @throws AttendError WRITE_FAILED, naming file and remedy; the old file is then unharmed and the
 *   temporary one removed.
 */
export async function writeFileAtomic(path: string, data: FileContent): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => undefined);
  try {
    if (existing === undefined || existing.isFile()) {
      await replaceFile(target, data, existing?.mode);
    } else {
      await writeAll(target, data);
    }
  } catch (thrown) {
    throw writeError(path, thrown);
  }
}

async function replaceFile(target: string, data: FileContent, mode?: number): Promise<void> {
  const name = `.${basename(target)}.${process.pid}-${temporaryFiles++}.tmp`;
  const temporary = join(dirname(target), name);
  try {
    await writeAll(temporary, data, mode);
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => {});
    throw thrown;
  }
}

async function writeAll(path: string, data: FileContent, mode?: number): Promise<void> {
  const file = await open(path, "w", mode);
  try {
    await writeFile(file, data);
    // Only now is a full disk certain to have been noticed. Devices and pipes cannot be flushed.
    await file.sync().catch((thrown: unknown) => {
      if (systemCodeOf(thrown) !== "EINVAL") throw thrown;
    });
  } finally {
    await file.close();
  }
}

/**
 * Reads a whole file of at most `maxBytes` bytes; a device or pipe is read up to the limit as well.
 *
 * @throws AttendError FILE_NOT_FOUND where nothing is there; READ_FAILED where it is a folder, may
 *   not be read, or is larger.
 */
export async function readFileLimited(
  path: string,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    const file = await open(path);
    // `end` is inclusive: one byte more than allowed tells that there is more.
    for await (const chunk of file.createReadStream({ end: maxBytes, highWaterMark: 2 ** 20 })) {
      chunks.push(chunk);
      bytes += chunk.length;
    }
  } catch (thrown) {
    throw readError(path, thrown);
  }
  if (bytes > maxBytes) {
    const limit = `at most ${maxBytes.toLocaleString("en")} bytes are allowed`;
    throw new AttendError("READ_FAILED", `${path} is too large: ${limit}; give a smaller file`);
  }
  return Buffer.concat(chunks, bytes);
}

/**
 * Makes sure that a folder exists (parents included) and that files can be written into it, so that
 * hours of work do not end at a folder that was read-only from the start.
 *
 * @throws AttendError WRITE_FAILED, naming the folder and the remedy.
 */
export async function ensureWritableDirectory(path: string): Promise<void> {
  const probe = join(path, `.writable.${process.pid}-${temporaryFiles++}.tmp`);
  try {
    await mkdir(path, { recursive: true });
    await writeAll(probe, "");
    await rm(probe);
  } catch (thrown) {
    const message = `cannot write into folder ${path}: ${writeRemedy(path, thrown)}`;
    throw new AttendError("WRITE_FAILED", message, { cause: thrown });
  }
}

/** What a failed read of `path` means to a person. */
export function readError(path: string, thrown: unknown): AttendError {
  const options = { cause: thrown };
  switch (systemCodeOf(thrown)) {
    case "ENOENT":
    case "ENOTDIR":
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

/** Says that nothing is at `path`, and what may have been meant; where that cannot be told, `remedy`. */
export function absentMessage(path: string, remedy = "check the path"): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(path)) {
    return `${path} is a web address, and only files are read here; download it and give its path`;
  }
  const near = nearestPath(path);
  return `${path} does not exist; ${near === undefined ? remedy : `did you mean ${near}?`}`;
}

/** What a failed write to `path` means to a person. */
export function writeError(path: string, thrown: unknown): AttendError {
  const message = `cannot write ${path}: ${writeRemedy(path, thrown)}`;
  return new AttendError("WRITE_FAILED", message, { cause: thrown });
}

function writeRemedy(path: string, thrown: unknown): string {
  switch (systemCodeOf(thrown)) {
    case "ENOSPC":
      return "the disk is full; free some space or choose another disk, then run it again";
    case "EDQUOT":
      return "your disk quota is used up; free some space or choose another disk";
    case "EFBIG":
      return "the file is larger than this disk or your limit (ulimit -f) allows";
    case "ENOENT":
      return `the folder ${dirname(path)} does not exist; create it first`;
    case "ENOTDIR":
    case "EEXIST":
      return "a part of the path is a file, not a folder; choose another path";
    case "EISDIR":
      return "a folder is in its place; choose another path";
    case "EROFS":
      return "the disk is read-only; choose another path";
    case "EACCES":
    case "EPERM":
      return "permission denied; make it writable for your user or choose another path";
    default:
      return messageOf(thrown);
  }
}
