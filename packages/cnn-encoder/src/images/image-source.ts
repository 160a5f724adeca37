import { isUtf8 } from "node:buffer";
import { fileURLToPath } from "node:url";
import { types } from "node:util";
import { collectBytes } from "@attend/runtime/bytes";
import { AttendError, describeValue, systemCodeOf } from "@attend/runtime/errors";
import { isAddress, readFileLimited } from "@attend/runtime/files";
import { badImage, firstLine, tooLarge } from "./bad-image.ts";
import { fetchBytes } from "./fetch-bytes.ts";

/**
 * The source of a picture: a path, an address (`http:`, `https:`, `file:` or `data:`, as a string or a
 * URL), the bytes of a picture file, or a stream of them.
 */
export type ImageSource =
  | string
  | URL
  | Blob
  | ArrayBufferLike
  | ArrayBufferView
  | AsyncIterable<Uint8Array>;

/** The bytes of a picture file, and its name in errors. */
export interface ReadSource {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** 200 megapixels, uncompressed with alpha. */
const maxBytes = 800e6;
/** Lower for addresses, whose content is not under the user's control. */
const maxBytesOfAddress = 100e6;

/**
 * Reads a complete picture file.
 *
 * @param timeout the limit for an address, in seconds
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED, BAD_IMAGE; BAD_ARGUMENT for an invalid `source`
 */
export async function readSource(
  source: ImageSource,
  { timeout, name = nameOf(source) }: { timeout: number; name?: string | undefined },
): Promise<ReadSource> {
  return { bytes: await bytesOf(source, name, timeout), name };
}

function nameOf(source: ImageSource): string {
  if (source instanceof URL || typeof source === "string") {
    const name = String(source);
    return name.startsWith("data:") && name.length > 60 ? `${name.slice(0, 60)}...` : name;
  }
  // A File.
  if (source instanceof Blob && "name" in source && typeof source.name === "string") {
    return source.name;
  }
  return "the given picture";
}

async function bytesOf(source: ImageSource, name: string, timeout: number): Promise<Uint8Array> {
  const address = addressOf(source);
  if (address?.protocol === "file:") return readFile(pathOf(address), name);
  if (address !== undefined) {
    return fetchBytes(address, { name, timeout, maxBytes: maxBytesOfAddress });
  }
  if (typeof source === "string") return readFile(source, name);
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  if (types.isAnyArrayBuffer(source)) {
    return new Uint8Array(source);
  }
  if (source instanceof Blob) return readStream(source.stream(), name);
  if (isStream(source)) return readStream(source, name);
  const message = `a picture must be a path, an address, bytes or a stream of bytes, but ${describeValue(source)} was given`;
  throw new AttendError("BAD_ARGUMENT", message);
}

function addressOf(source: ImageSource): URL | undefined {
  if (source instanceof URL) return source;
  if (typeof source !== "string" || !isAddress(source)) return undefined;
  if (URL.canParse(source)) return new URL(source);
  throw new AttendError("FILE_NOT_FOUND", `${source} is not a valid address; check it`);
}

/** The path of a `file:` URL, as bytes if it is not valid UTF-8. */
function pathOf(address: URL): string | Buffer {
  const bytes = Buffer.from(
    address.pathname.replace(/%([\da-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    ),
    "latin1",
  );
  if (!isUtf8(bytes)) return bytes;
  try {
    return fileURLToPath(address);
  } catch (thrown) {
    throw new AttendError(
      "FILE_NOT_FOUND",
      `${address} is not the address of a file: ${firstLine(thrown)}`,
    );
  }
}

async function readFile(path: string | Buffer, name: string): Promise<Uint8Array> {
  try {
    return await readFileLimited(path, { maxBytes });
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    if (systemCodeOf(cause) !== "EISDIR") throw thrown;
    throw badImage(name, "is a folder; give a picture file", thrown);
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function readStream(stream: AsyncIterable<unknown>, name: string): Promise<Buffer> {
  try {
    return await collectBytes(stream, maxBytes, () => tooLarge(name, maxBytes));
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) throw thrown;
    throw badImage(name, `cannot be read (${firstLine(thrown)})`, thrown);
  }
}
