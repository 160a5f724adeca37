import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import { z } from "zod";

const fraction = z.number().min(0).max(1);

/** How much a picture is changed. A color amount of 0.2 means a factor from 0.8 to 1.2. */
export const augmentationSchema = z.strictObject({
  /** Probability of a mirror image, for which captions that mention left or right are wrong. */
  flip: fraction.default(0.5),
  /** Smallest fraction of the area that a crop keeps; 1: no crop. */
  minArea: z.number().gt(0).max(1).default(0.6),
  /** Largest change of the aspect ratio: by a factor from 1 / aspect to aspect. */
  aspect: z
    .number()
    .min(1)
    .default(4 / 3),
  brightness: fraction.default(0.2),
  contrast: fraction.default(0.2),
  saturation: fraction.default(0.2),
});

/** Options of {@link augment} with all defaults. */
export type Augmentation = z.output<typeof augmentationSchema>;

/**
 * A random variant of a square RGB picture for training: a crop of random area and aspect ratio
 * (Szegedy et al. 2015, section 6), resized bilinearly, randomly flipped, with random saturation,
 * brightness and contrast. Plain code, one pass: about a millisecond for 224 x 224, with the same
 * result on every engine.
 *
 * @param pixels RGB bytes in row-major order, from `loadImage`; not modified
 * @param size width and height of the result, in pixels
 * @throws AttendError BAD_SHAPE if `pixels` is not a square RGB picture
 */
export function augment(
  pixels: Uint8Array,
  size: number,
  random: Random,
  options: Augmentation = augmentationSchema.parse({}),
): Uint8Array {
  const source = Math.round(Math.sqrt(pixels.length / 3));
  if (source === 0 || source * source * 3 !== pixels.length) {
    throw new AttendError(
      "BAD_SHAPE",
      `${pixels.length} bytes are not a square RGB picture; use the pixels of loadImage`,
    );
  }
  const crop = randomCrop(source, random, options);
  const mirrored = random.uniform() < options.flip;
  const [saturation, brightness, contrast] = [
    factor(options.saturation, random),
    factor(options.brightness, random),
    factor(options.contrast, random),
  ];
  // Saturation blends with each pixel's gray, contrast with the picture's mean gray.
  const gain = brightness * contrast;
  const color = gain * saturation;
  const grayGain = gain * (1 - saturation);
  const shift = contrast === 1 ? 0 : (1 - contrast) * brightness * meanGray(pixels);

  const { at, weight } = taps(crop.x, crop.width, size, source, mirrored);
  const vertical = taps(crop.y, crop.height, size, source, false);
  const row = new Float32Array(source * 3);
  const result = new Uint8Array(size * size * 3);
  const clamped = new Uint8ClampedArray(result.buffer); // rounds and clips to 0..255
  for (let y = 0, to = 0; y < size; y++) {
    blendRows(pixels, vertical.at[y] as number, vertical.weight[y] as number, source, row);
    for (let x = 0; x < size; x++, to += 3) {
      const left = (at[x] as number) * 3;
      const right = left + 3 < row.length ? left + 3 : left;
      const w = weight[x] as number;
      const r = mix(row[left] as number, row[right] as number, w);
      const g = mix(row[left + 1] as number, row[right + 1] as number, w);
      const b = mix(row[left + 2] as number, row[right + 2] as number, w);
      const base = grayGain * (0.299 * r + 0.587 * g + 0.114 * b) + shift;
      clamped[to] = color * r + base;
      clamped[to + 1] = color * g + base;
      clamped[to + 2] = color * b + base;
    }
  }
  return result;
}

interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function randomCrop(source: number, random: Random, { minArea, aspect }: Augmentation): Crop {
  const area = minArea + (1 - minArea) * random.uniform();
  const stretch = aspect ** (random.uniform() - 0.5); // square root of a log-uniform aspect
  const width = source * Math.min(1, Math.sqrt(area) * stretch);
  const height = source * Math.min(1, Math.sqrt(area) / stretch);
  const x = (source - width) * random.uniform();
  const y = (source - height) * random.uniform();
  return { x, y, width, height };
}

function factor(amount: number, random: Random): number {
  return 1 + amount * (2 * random.uniform() - 1);
}

/** For each result pixel along an axis: the source pixel before it, and the weight of the next one. */
function taps(start: number, length: number, size: number, source: number, mirrored: boolean) {
  const at = new Int32Array(size);
  const weight = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const center = start + ((mirrored ? size - 1 - i : i) + 0.5) * (length / size) - 0.5;
    const position = Math.min(Math.max(center, 0), source - 1);
    at[i] = Math.floor(position);
    weight[i] = position - Math.floor(position);
  }
  return { at, weight };
}

function blendRows(
  pixels: Uint8Array,
  above: number,
  weight: number,
  source: number,
  into: Float32Array,
): void {
  const start = above * into.length;
  const next = above + 1 < source ? start + into.length : start;
  for (let i = 0; i < into.length; i++) {
    into[i] = mix(pixels[start + i] as number, pixels[next + i] as number, weight);
  }
}

function mix(a: number, b: number, weight: number): number {
  return a + (b - a) * weight;
}

/** Of every seventh pixel, which is accurate enough. */
function meanGray(pixels: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i + 2 < pixels.length; i += 21, count++) {
    const [r, g, b] = [pixels[i] as number, pixels[i + 1] as number, pixels[i + 2] as number];
    sum += 0.299 * r + 0.587 * g + 0.114 * b;
  }
  return sum / count;
}
