import { AttendError } from "@attend/runtime/errors";
import type { Sharp as Pipeline, Raw } from "sharp";
import { badImage, firstLine } from "./bad-image.ts";
import { isBmp, openBmp } from "./formats/bmp.ts";
import { correctInks, isUnmarkedCmyk } from "./formats/cmyk.ts";
import type { Encoded } from "./formats/format.ts";
import { isHeic, openHeic } from "./formats/heic.ts";
import { withEndMarker } from "./formats/jpeg-end.ts";
import { type ImageSource, readSource } from "./image-source.ts";
import { inTurn, largeImage } from "./large-images.ts";
import { lenient, loadSharp } from "./sharp.ts";

/** Limits for reading a picture, and its name in errors. */
export interface ReadImageOptions {
  /** Maximum number of pixels. Default 250 million. */
  readonly maxPixels?: number | undefined;
  /** Limit for an address, in seconds. Default 30. */
  readonly timeout?: number | undefined;
  /** The name in errors. Default: the path, address or file name, else `the given picture`. */
  readonly name?: string | undefined;
}

/**
 * How a picture becomes a square: `fill` squashes it, as in the training data of the shipped models; `contain` keeps
 * its aspect ratio and adds gray bars (zero as a network's input) on two sides; `cover` keeps it, and crops to the center.
 */
export const fits = ["fill", "contain", "cover"] as const;

/** One of {@link fits}. */
export type Fit = (typeof fits)[number];

/** Options of {@link loadImage}. */
export interface LoadImageOptions extends ReadImageOptions {
  /** Width and height of the result, in pixels. */
  readonly size: number;
  /** Default `fill`. */
  readonly fit?: Fit | undefined;
  /** Adds an uncropped `preview` with its aspect ratio kept, the longer side at most this long. */
  readonly previewSide?: number | undefined;
  /** Called when the picture starts to be decoded on another thread, which goes on while this one is busy. */
  readonly onDecoding?: (() => void) | undefined;
}

/** RGB in row-major order: `width * height * 3` bytes. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A picture resized for a network, and its original size. */
export interface LoadedImage {
  /** RGB in row-major order: `size * size * 3` bytes. */
  readonly pixels: Uint8Array;
  /** Width of the upright original. */
  readonly width: number;
  readonly height: number;
  /** Present with `previewSide`. */
  readonly preview?: Picture;
}

/** `toInput` maps it to 0. */
const bars = { r: 127, g: 127, b: 127 };
const defaultMaxPixels = 250e6;
const defaultTimeout = 30;

/**
 * Reads the first frame of a photo (JPEG, PNG, WebP, HEIC, AVIF, GIF, TIFF, BMP, SVG) as upright 8-bit
 * sRGB, flattened onto white and resized with a bicubic kernel. The source is read once.
 *
 * @throws AttendError FILE_NOT_FOUND; BAD_IMAGE if it is not a picture, truncated, empty, a folder, or
 *   too large; READ_FAILED if it cannot be read or downloaded; BAD_ARGUMENT for an invalid size or
 *   source
 */
export async function loadImage(
  source: ImageSource,
  options: LoadImageOptions,
): Promise<LoadedImage> {
  const { size, fit = "fill", previewSide, onDecoding } = options;
  requirePixels("size", size);
  if (previewSide !== undefined) requirePixels("previewSide", previewSide);
  return readImage(source, options, async ({ width, height, resized }) => {
    const decoded = resized(size, size, fit);
    onDecoding?.();
    const image = { pixels: await decoded, width, height };
    if (previewSide === undefined) return image;
    return { ...image, preview: await shrink({ width, height, resized }, previewSide) };
  });
}

/**
 * Like {@link loadImage}, but keeps the aspect ratio; the longer side is at most `side` pixels.
 *
 * @throws AttendError like {@link loadImage}
 */
export async function loadPicture(
  source: ImageSource,
  options: ReadImageOptions & { readonly side: number },
): Promise<Picture> {
  requirePixels("side", options.side);
  return readImage(source, options, (image) => shrink(image, options.side));
}

/** A picture that can be resized to any size. */
interface OpenImage {
  readonly width: number;
  readonly height: number;
  resized(width: number, height: number, fit: Fit): Promise<Uint8Array>;
}

async function shrink({ width, height, resized }: OpenImage, side: number): Promise<Picture> {
  const scale = Math.min(1, side / Math.max(width, height));
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  return { pixels: await resized(size.width, size.height, "fill"), ...size };
}

/** Reads and decodes a picture, and passes it to `use`. */
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
          toPixels(pipeline().resize(width, height, { fit, kernel: "cubic", background: bars })),
      });
    };
    try {
      const { data, raw } = await encoded.decode();
      return await useOf(data, raw);
    } catch (thrown) {
      const ended = await withEndMarker(sharp, bytes);
      if (ended !== undefined) return useOf(ended);
      const fault = `cannot be read completely (${firstLine(thrown)}); copy it again`;
      throw badImage(name, fault, thrown);
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
    .toColorspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer();
}

/** Detects the format and size of a picture. */
async function open(bytes: Uint8Array, name: string): Promise<Encoded> {
  try {
    if (isHeic(bytes)) return await openHeic(bytes, name);
    if (isBmp(bytes)) return openBmp(bytes);
    const sharp = await loadSharp();
    const { autoOrient, depth } = await sharp(bytes, lenient).metadata();
    if (depth !== "uchar" && depth !== "ushort") {
      throw badImage(
        name,
        `has samples of more than 16 bits (${depth}), whose white level is unknown; save it with 8 or 16 bits`,
      );
    }
    const { width, height } = autoOrient;
    const decode = async () => ({
      data: isUnmarkedCmyk(bytes) ? await correctInks(sharp, bytes) : bytes,
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
  throw new AttendError("BAD_ARGUMENT", `${name} is ${value}; expected a positive integer`);
}

function tooLarge(name: string, width: number, height: number, maxPixels: number): AttendError {
  const megapixels = (pixels: number) => `${Number((pixels / 1e6).toPrecision(3))} megapixels`;
  return badImage(
    name,
    `has ${width} x ${height} pixels, ${megapixels(width * height)}; the limit is ${megapixels(maxPixels)}: make it smaller or raise maxPixels`,
  );
}
