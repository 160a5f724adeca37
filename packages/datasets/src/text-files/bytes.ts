import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AttendError, messageOf, systemCodeOf } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";

const pieceBytes = 2 ** 18;

/** A file's path, or a stream and its name in errors. */
export type ByteSource =
  | string
  | { readonly stream: AsyncIterable<Uint8Array>; readonly name: string };

export function nameOf(source: ByteSource): string {
  return typeof source === "string" ? source : source.name;
}

/**
 * The bytes of a file or stream in pieces, decompressed if the first bytes are those of gzip.
 *
 * @param maxBytes limit of the decompressed content: a file of 1 MB may decompress to 1 GB
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED (also if too large); BAD_DATA for gzip that is broken or
 *   cut off, and for a name that ends in .gz without being gzip
 */
export async function* readBytes(
  source: ByteSource,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<Uint8Array> {
  const file = nameOf(source);
  let bytes = 0;
  for await (const piece of decompressed(source)) {
    bytes += piece.length;
    if (bytes > maxBytes) {
      const message = `${file} has more than ${maxBytes.toLocaleString("en")} bytes (decompressed); split it`;
      throw new AttendError("READ_FAILED", message);
    }
    yield piece;
  }
}

async function* decompressed(source: ByteSource): AsyncGenerator<Uint8Array> {
  const file = nameOf(source);
  const stored = storedBytes(source);
  try {
    const { value: first = new Uint8Array() } = await stored.next();
    const pieces = (async function* () {
      yield first;
      yield* stored;
    })();
    if (first[0] === 0x1f && first[1] === 0x8b) {
      const gunzip = createGunzip({ chunkSize: pieceBytes });
      pipeline(Readable.from(pieces), gunzip, () => {}); // the loop below gets the error
      for await (const piece of gunzip) yield piece;
    } else if (file.toLowerCase().endsWith(".gz")) {
      const what = first.length === 0 ? "is empty" : "is not gzip";
      const message = `${file} ${what} although its name ends in .gz; fetch it again, or rename it if it is plain text`;
      throw new AttendError("BAD_DATA", message);
    } else {
      yield* pieces;
    }
  } catch (thrown) {
    throw gzipError(file, thrown);
  } finally {
    await stored.return(undefined); // also if the caller stops early
  }
}

async function* storedBytes(source: ByteSource): AsyncGenerator<Uint8Array> {
  try {
    if (typeof source === "object") yield* source.stream;
    else yield* createReadStream(source, { highWaterMark: pieceBytes });
  } catch (thrown) {
    throw readError(nameOf(source), thrown);
  }
}

/** Explains zlib's errors, and returns others unchanged. */
function gzipError(file: string, thrown: unknown): unknown {
  const code = systemCodeOf(thrown);
  if (!code?.startsWith("Z_")) return thrown;
  const what = code === "Z_BUF_ERROR" ? "is cut off" : `is broken (${messageOf(thrown)})`;
  const message = `${file}: the gzip file ${what}; fetch it or compress it again`;
  return new AttendError("BAD_DATA", message, { cause: thrown });
}
