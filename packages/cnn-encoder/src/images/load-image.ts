import { AttendError } from "@attend/runtime/errors";
import type { Sharp as Pipeline, Raw } from "sharp";
import { badImage, firstLine } from "./bad-image.ts";
import { isBmp, openBmp } from "./formats/bmp.ts";
import { isUnmarkedCmyk, withInksTheRightWay } from "./formats/cmyk.ts";
import type { Encoded } from "./formats/format.ts";
import { isHeic, openHeic } from "./formats/heic.ts";
import { withEndMarker } from "./formats/jpeg-end.ts";
import { type ImageSource, readSource } from "./image-source.ts";
import { inTurn, largeImage } from "./large-images.ts";
import { lenient, loadSharp } from "./sharp.ts";

/** Limits for a picture that is read, and its name in errors. */
export interface ReadImageOptions {
  /** Pixels that a picture may have; default 250 million. */
  readonly maxPixels?: number | undefined;
  /** Seconds that an address may take; default 30. */
  readonly timeout?: number | undefined;
  /** What errors call a picture that has no name; default `the given picture`. */
  readonly name?: string | undefined;
}

/** How a picture becomes a square. */
export interface LoadImageOptions extends ReadImageOptions {
  /** Width and height of the result, in pixels. */
  readonly size: number;
  /**
   * `fill` (default) squashes the whole picture into the square, as the photos were that the shipped
   * models learned from; `cover` keeps the aspect and cuts what lies outside the middle.
   */
  readonly fit?: "fill" | "cover";
  /** Gives a `preview` as well, whole and in its own aspect, of at most so many pixels a side. */
  readonly previewSide?: number | undefined;
}

/** RGB, row by row: `width * height * 3` bytes. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A picture as networks take it, and the size that it had. */
export interface LoadedImage {
  /** RGB, row by row: `size * size * 3` bytes. */
  readonly pixels: Uint8Array;
  /** Of the original, upright. */
  readonly width: number;
  readonly height: number;
  /** Present where asked for. */
  readonly preview?: Picture;
}

const defaultMaxPixels = 250e6;
const defaultTimeout = 30;

/**
 * Reads a photo (JPEG, PNG, WebP, HEIC, AVIF, GIF, TIFF, BMP, SVG; of several frames the first) upright
 * as 8-bit sRGB, transparent parts over white, resized with a bicubic kernel. A source is read once.
 *
 * @throws AttendError FILE_NOT_FOUND, or BAD_IMAGE where it is no picture, is truncated, empty, a
 *   folder, or too large; READ_FAILED where it may not be read or an address does not give it;
 *   BAD_ARGUMENT for a wrong size or what is no source.
 */
export async function loadImage(
  source: ImageSource,
  options: LoadImageOptions,
): Promise<LoadedImage> {
  const { size, fit = "fill", previewSide } = options;
  requirePixels("size", size);
  if (previewSide !== undefined) requirePixels("previewSide", previewSide);
  return readImage(source, options, async ({ width, height, resized }) => {
    const pixels = await resized(size, size, fit);
    const image = { pixels, width, height };
    if (previewSide === undefined) return image;
    return { ...image, preview: await shrunk({ width, height, resized }, previewSide) };
  });
}

/**
 * Reads a photo as `loadImage` does, whole and in its own aspect, of at most `side` pixels a side.
 *
 * @throws AttendError as `loadImage` does
 */
export async function loadPicture(
  source: ImageSource,
  options: ReadImageOptions & { readonly side: number },
): Promise<Picture> {
  requirePixels("side", options.side);
  return readImage(source, options, (image) => shrunk(image, options.side));
}

/** A picture that can be had in any size. */
interface OpenImage {
  readonly width: number;
  readonly height: number;
  resized(width: number, height: number, fit: "fill" | "cover"): Promise<Uint8Array>;
}

async function shrunk({ width, height, resized }: OpenImage, side: number): Promise<Picture> {
  const scale = Math.min(1, side / Math.max(width, height));
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  return { pixels: await resized(size.width, size.height, "fill"), ...size };
}

/** Reads and decodes a picture for as long as `use` needs it. */
async function readImage<T>(
  source: ImageSource,
  options: ReadImageOptions,
  use: (image: OpenImage) => Promise<T>,
): Promise<T> {
  const { maxPixels = defaultMaxPixels, timeout = defaultTimeout } = options;
  const { bytes, name } = await readSource(source, { timeout, name: options.name });
  if (bytes.length === 0) throw badImage(name, "is empty (0 bytes); copy it again");
  const decoded = async (encoded: Encoded) => {
    const sharp = await loadSharp();
    const { width, height } = encoded;
    const useOf = (data: Uint8Array, raw?: Raw) => {
      const pipeline = () => sharp(data, raw ? { ...lenient, raw } : lenient).autoOrient();
      return use({
        width,
        height,
        resized: (width, height, fit) =>
          toPixels(pipeline().resize(width, height, { fit, kernel: "cubic" })),
      });
    };
    try {
      const { data, raw } = await encoded.decode();
      return await useOf(data, raw);
    } catch (thrown) {
      const ended = await withEndMarker(sharp, bytes);
      if (ended !== undefined) return useOf(ended);
      throw badImage(name, `cannot be read whole (${firstLine(thrown)}); copy it again`, thrown);
    }
  };
  const opened = async () => {
    const encoded = await open(bytes, name);
    const { width, height } = encoded;
    if (width * height > maxPixels) throw tooLarge(name, width, height, maxPixels);
    return encoded;
  };
  if (isHeic(bytes)) return inTurn(async () => decoded(await opened()));
  const encoded = await opened();
  const isLarge = encoded.width * encoded.height > largeImage;
  return isLarge ? inTurn(() => decoded(encoded)) : decoded(encoded);
}

function toPixels(pipeline: Pipeline): Promise<Uint8Array> {
  return pipeline
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer();
}

/** Finds out what a file is and how large. */
async function open(bytes: Uint8Array, name: string): Promise<Encoded> {
  try {
    if (isHeic(bytes)) return await openHeic(bytes, name);
    if (isBmp(bytes)) return openBmp(bytes);
    const sharp = await loadSharp();
    const { autoOrient, depth } = await sharp(bytes, lenient).metadata();
    if (depth !== "uchar" && depth !== "ushort") {
      throw badImage(
        name,
        `has numbers of more than 16 bits (${depth}), of which none is known to be white; save it as 8 or 16 bits`,
      );
    }
    const { width, height } = autoOrient;
    const decode = async () => ({
      data: isUnmarkedCmyk(bytes) ? await withInksTheRightWay(sharp, bytes) : bytes,
    });
    return { width, height, decode };
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) throw thrown;
    const formats = "expected JPEG, PNG, WebP, HEIC, AVIF, GIF, TIFF, BMP or SVG";
    const fault = `is not a picture, or a damaged one (${firstLine(thrown)}); ${formats}`;
    throw badImage(name, fault, thrown);
  }
}

function requirePixels(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new AttendError("BAD_ARGUMENT", `${name} ${value}; expected whole pixels, at least 1`);
}

function tooLarge(name: string, width: number, height: number, maxPixels: number): AttendError {
  const megapixels = (pixels: number) => `${Number((pixels / 1e6).toPrecision(3))} megapixels`;
  return badImage(
    name,
    `has ${width} x ${height} pixels, ${megapixels(width * height)}; the limit is ${megapixels(maxPixels)}: make it smaller or raise maxPixels`,
  );
}
