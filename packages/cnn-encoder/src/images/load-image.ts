import type { Readable } from "node:stream";
import { AttendError, messageOf, systemCodeOf } from "@attend/runtime/errors";
import { readFileLimited } from "@attend/runtime/files";
import type sharpFunction from "sharp";

export interface LoadImageOptions {
  /** Width and height of the result, in pixels. */
  readonly size: number;
  /**
   * `fill` (default) squashes the whole picture into the square, as the photos were that the shipped
   * models learned from; `cover` keeps the aspect and cuts what lies outside the middle.
   */
  readonly fit?: "fill" | "cover";
  /** Pixels that a picture may have; default 100 million. */
  readonly maxPixels?: number;
  /** What errors call a picture that is not a file; default `the given picture`. */
  readonly name?: string;
}

export interface LoadedImage {
  /** RGB, row by row: `size * size * 3` bytes. */
  readonly pixels: Uint8Array;
  /** Of the original, upright. */
  readonly width: number;
  readonly height: number;
}

const defaultMaxPixels = 100e6;
/** What 100 megapixels can take uncompressed in 16 bits with alpha. */
const maxBytes = 800e6;

/**
 * Reads a photo (JPEG, PNG, WebP, AVIF, GIF, TIFF, SVG; of several frames the first) upright as
 * 8-bit sRGB, transparent parts over white, resized with a bicubic kernel.
 *
 * @param source a path, the bytes of a file, or a stream of them.
 * @throws AttendError FILE_NOT_FOUND, or BAD_IMAGE where it is no picture, is truncated, empty, a
 *   folder, or too large; READ_FAILED where it may not be read; BAD_ARGUMENT for a wrong size.
 */
export async function loadImage(
  source: string | Uint8Array | Readable,
  options: LoadImageOptions,
): Promise<LoadedImage> {
  const { size, fit = "fill", maxPixels = defaultMaxPixels } = options;
  const name = typeof source === "string" ? source : (options.name ?? "the given picture");
  if (!Number.isInteger(size) || size < 1) {
    throw new AttendError("BAD_ARGUMENT", `size ${size}; expected whole pixels, at least 1`);
  }
  const bytes = await bytesOf(source, name);
  if (bytes.length === 0) throw badImage(name, "is empty (0 bytes); copy it again");
  const sharp = await loadSharp();
  const { width, height } = await uprightSize(sharp, bytes, name);
  if (width * height > maxPixels) throw tooLarge(name, width, height, maxPixels);
  try {
    const pixels = await sharp(bytes, { failOn: "truncated", limitInputPixels: false })
      .autoOrient()
      .resize(size, size, { fit, kernel: "cubic" })
      .flatten({ background: "white" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer();
    return { pixels, width, height };
  } catch (thrown) {
    throw badImage(name, `cannot be read whole (${firstLine(thrown)}); copy it again`, thrown);
  }
}

let loadingSharp: Promise<typeof sharpFunction> | undefined;

/** On first use only, because it takes a tenth of a second. */
function loadSharp(): Promise<typeof sharpFunction> {
  loadingSharp ??= import("sharp").then(({ default: sharp }) => {
    // Photos are read once, so its cache only costs memory; several at a time beat several threads each.
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loadingSharp;
}

async function bytesOf(source: string | Uint8Array | Readable, name: string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (typeof source !== "string") return collect(source, name);
  try {
    return await readFileLimited(source, { maxBytes });
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    if (systemCodeOf(cause) !== "EISDIR") throw thrown;
    throw badImage(name, "is a folder; give a picture file", thrown);
  }
}

async function collect(stream: Readable, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      length += bytes.length;
      if (length > maxBytes) break;
    }
  } catch (thrown) {
    throw badImage(name, `cannot be read (${firstLine(thrown)})`, thrown);
  }
  if (length > maxBytes)
    throw badImage(name, `has more than ${maxBytes / 1e6} MB; make it smaller`);
  return Buffer.concat(chunks, length);
}

async function uprightSize(
  sharp: typeof sharpFunction,
  bytes: Uint8Array,
  name: string,
): Promise<{ width: number; height: number }> {
  try {
    const { autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return autoOrient;
  } catch (thrown) {
    const formats = "expected JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG";
    throw badImage(
      name,
      `is not a picture, or a damaged one (${firstLine(thrown)}); ${formats}`,
      thrown,
    );
  }
}

function tooLarge(name: string, width: number, height: number, maxPixels: number): AttendError {
  const megapixels = (pixels: number) => `${Number((pixels / 1e6).toPrecision(3))} megapixels`;
  return badImage(
    name,
    `has ${width} x ${height} pixels, ${megapixels(width * height)}; the limit is ${megapixels(maxPixels)}: make it smaller or raise maxPixels`,
  );
}

function badImage(name: string, fault: string, cause?: unknown): AttendError {
  return new AttendError("BAD_IMAGE", `${name} ${fault}`, { cause });
}

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split("\n", 1)[0]?.trim() ?? "";
}
