import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { extract } from "tar";
import { openPromise } from "yauzl";

/** How much an archive may contain. */
export interface UnpackLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** Whether a file's name is that of an archive. */
export function isArchive(name: string): boolean {
  return /\.(zip|tar|tar\.gz|tgz)$/i.test(name);
}

/**
 * Unpacks the files and folders of an archive; links, devices and paths that lead out of the folder are refused.
 *
 * @param name tells which kind of archive it is
 * @param folder created if missing; what was unpacked before a failure stays there
 * @throws AttendError BAD_DATA if it is damaged, too large or not only files
 */
export async function unpack(
  archive: string,
  name: string,
  folder: string,
  limits: UnpackLimits,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const counter = new Counter(name, limits);
  try {
    await (/\.zip$/i.test(name)
      ? unzip(archive, folder, counter)
      : untar(archive, folder, counter));
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) throw thrown;
    const message = `${name} cannot be unpacked: ${messageOf(thrown)}; pack it again`;
    throw new AttendError("BAD_DATA", message, { cause: thrown });
  }
}

/** Counts what is unpacked, which the headers of an archive need not tell truly. */
class Counter {
  readonly #name: string;
  readonly #limits: UnpackLimits;
  #bytes = 0;
  #files = 0;

  constructor(name: string, limits: UnpackLimits) {
    this.#name = name;
    this.#limits = limits;
  }

  file(): void {
    const { maxFiles } = this.#limits;
    if (++this.#files > maxFiles) throw this.#tooLarge(`${maxFiles.toLocaleString("en")} files`);
  }

  bytes(count: number): void {
    const { maxBytes } = this.#limits;
    this.#bytes += count;
    if (this.#bytes > maxBytes) throw this.#tooLarge(`${maxBytes.toLocaleString("en")} bytes`);
  }

  refuse(path: string, what: string): never {
    const message = `${this.#name} contains ${JSON.stringify(path)}, ${what}; pack only files and folders`;
    throw new AttendError("BAD_DATA", message);
  }

  #tooLarge(limit: string): AttendError {
    const message = `${this.#name} contains more than ${limit}; give the path of a folder instead, or less data`;
    return new AttendError("BAD_DATA", message);
  }
}

async function untar(archive: string, folder: string, counter: Counter): Promise<void> {
  let refused: unknown;
  await extract({
    file: archive,
    cwd: folder,
    strict: true,
    preserveOwner: false,
    filter(path, entry) {
      if (refused !== undefined || !("type" in entry)) return false;
      try {
        if (entry.type === "Directory") return true;
        if (!/^(File|OldFile|ContiguousFile)$/.test(entry.type))
          counter.refuse(path, "which is not a file");
        counter.file();
        // A tar has no other bytes of a file than its header says.
        counter.bytes(entry.size);
        return true;
      } catch (thrown) {
        refused = thrown;
        return false;
      }
    },
  });
  if (refused !== undefined) throw refused;
}

async function unzip(archive: string, folder: string, counter: Counter): Promise<void> {
  const zip = await openPromise(archive, { strictFileNames: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName } = entry;
      const target = resolve(folder, fileName);
      if (!target.startsWith(resolve(folder) + sep))
        counter.refuse(fileName, "which leads out of it");
      if (fileName.endsWith("/")) {
        await mkdir(target, { recursive: true });
        continue;
      }
      // The upper half are Unix's permissions and kind; 0 from other systems.
      const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
      if (kind !== 0 && kind !== 0o100000) counter.refuse(fileName, "which is not a file");
      counter.file();
      await mkdir(dirname(target), { recursive: true });
      const counted = new Transform({
        transform(chunk: Buffer, _, done) {
          try {
            counter.bytes(chunk.length);
            done(null, chunk);
          } catch (thrown) {
            done(thrown instanceof Error ? thrown : new Error(String(thrown)));
          }
        },
      });
      await pipeline(await zip.openReadStreamPromise(entry), counted, createWriteStream(target));
    }
  } finally {
    zip.close();
  }
}
