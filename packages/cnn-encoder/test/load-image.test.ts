import { createReadStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { AttendError } from "@attend/runtime/errors";
import { temporaryDirectory } from "@attend/test-kit";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { type LoadImageOptions, loadImage, loadPicture } from "../src/images/load-image.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const cat = fileURLToPath(new URL("../../../examples/photos/cat.jpg", import.meta.url));

type Color = readonly [red: number, green: number, blue: number];
const red: Color = [220, 30, 30];
const green: Color = [30, 180, 30];
const blue: Color = [30, 30, 220];
const yellow: Color = [230, 220, 30];
const white: Color = [255, 255, 255];
const gray = (level: number): Color => [level, level, level];

const size = 8;

/** The colors at the centers of the quarters: top left, top right, bottom left, bottom right. */
function quarters(pixels: Uint8Array): number[][] {
  expect(pixels).toHaveLength(size * size * 3);
  return [0, 1, 2, 3].map((i) => {
    const [x, y] = [1 + 5 * (i % 2), i < 2 ? 1 : 6];
    return [...pixels.subarray((y * size + x) * 3, (y * size + x) * 3 + 3)];
  });
}

function expectColors(pixels: Uint8Array, expected: readonly Color[], tolerance: number): void {
  quarters(pixels).forEach((color, i) => {
    color.forEach((value, channel) => {
      const off = Math.abs(value - (expected[i]?.[channel] ?? Number.NaN));
      expect(off, `quarter ${i}: ${color}`).toBeLessThanOrEqual(tolerance);
    });
  });
}

async function failure(
  source: Parameters<typeof loadImage>[0],
  options: Partial<LoadImageOptions> = {},
): Promise<AttendError> {
  const thrown: unknown = await loadImage(source, { size, ...options }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!AttendError.isInstance(thrown)) throw new Error(`expected an AttendError, got ${thrown}`);
  expect(thrown.message).not.toContain("\n");
  return thrown;
}

describe("reads upright 8-bit RGB", () => {
  const scene = [red, green, blue, yellow];
  test.each([
    ["scene.jpg", scene],
    ["scene.png", scene],
    ["scene.webp", scene],
    ["scene.avif", scene],
    ["scene.tiff", scene],
    ["scene.svg", scene],
    ["progressive.jpg", scene],
    ["palette.png", scene],
    ["rgb16.png", scene],
    ["animation.gif", scene], // the first frame; the second is black
    ["rotated.jpg", scene], // 32 x 48 in the file
    ["gray.png", [gray(112), gray(156), gray(71), gray(215)]],
    ["gray16.png", [gray(112), gray(156), gray(71), gray(215)]],
    ["alpha.png", [red, white, blue, white]],
    ["alpha.webp", [red, white, blue, white]],
    ["scene.heic", scene],
    ["rotated.heic", scene],
    ["profile.heic", scene], // with a profile that swaps red and green
    ["second.heic", scene], // the first picture is black, and not the primary one
    ["deep.heic", scene], // 10 bits
    ["alpha.heic", [red, white, blue, white]],
  ])("%s", async (name, colors) => {
    const { pixels, width, height } = await loadImage(fixture(name), { size });
    expect([width, height]).toEqual([48, 32]);
    expectColors(pixels, colors, 4);
  });

  test("cmyk.jpg, whose gamut is smaller than sRGB", async () => {
    const { pixels } = await loadImage(fixture("cmyk.jpg"), { size });
    expectColors(pixels, scene, 90);
    const [first, second, third] = quarters(pixels);
    expect(first?.indexOf(Math.max(...(first ?? [])))).toBe(0);
    expect(second?.indexOf(Math.max(...(second ?? [])))).toBe(1);
    expect(third?.indexOf(Math.max(...(third ?? [])))).toBe(2);
  });

  test("the same from a path, bytes and a stream", async () => {
    const bytes = await readFile(cat);
    const fromPath = await loadImage(cat, { size: 32 });
    expect([fromPath.width, fromPath.height]).toEqual([451, 300]);
    expect(await loadImage(bytes, { size: 32 })).toEqual(fromPath);
    expect(await loadImage(createReadStream(cat), { size: 32 })).toEqual(fromPath);
    const chunks = Readable.from([new Uint8Array(bytes.subarray(0, 99)), bytes.subarray(99)]);
    expect(await loadImage(chunks, { size: 32 })).toEqual(fromPath);
  });

  test("fill squashes, cover crops to the center, contain adds bars", async () => {
    const svg = (bars: string) =>
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">${bars}</svg>`);
    const bar = (x: number, color: string) =>
      `<rect x="${x}" width="20" height="20" fill="${color}"/>`;
    const picture = svg(bar(0, "red") + bar(20, "lime") + bar(40, "red"));
    const filled = await loadImage(picture, { size });
    expect(quarters(filled.pixels)[0]?.[0]).toBeGreaterThan(200);
    const covered = await loadImage(picture, { size, fit: "cover" });
    expectColors(covered.pixels, new Array(4).fill([0, 255, 0]), 2);
    const contained = await loadImage(picture, { size, fit: "contain" });
    const column = (x: number) =>
      Array.from({ length: size }, (_, y) => contained.pixels[3 * (y * size + x)] ?? 0);
    const height = Math.floor(size / 3) - 1;
    for (const red of [...column(0).slice(0, height), ...column(0).slice(-height)])
      expect(red).toBe(127);
    expect(column(0)[size / 2]).toBeGreaterThan(250);
    expect(column(size / 2)[size / 2]).toBeLessThan(60);
  });

  test.each([
    [1, 1],
    [1, 300],
    [300, 1],
  ])("a picture of %d x %d pixels", async (width, height) => {
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="300" height="300" fill="rgb(9,99,199)"/></svg>`;
    const { pixels } = await loadImage(Buffer.from(picture), { size });
    expectColors(pixels, new Array(4).fill([9, 99, 199]), 2);
  });
});

describe("rejects, with an error of one line that names the file", () => {
  test.each([
    ["text.jpg", "is not a picture"],
    ["empty.jpg", "is empty (0 bytes)"],
    ["header-only.jpg", "is not a picture, or a damaged one"],
    ["truncated.png", "cannot be read completely"],
  ])("%s", async (name, expected) => {
    const error = await failure(fixture(name));
    expect(error.code).toBe("BAD_IMAGE");
    expect(error.message).toContain(fixture(name));
    expect(error.message).toContain(expected);
  });

  test.each(["cat.jpg", "scene.webp", "scene.avif", "scene.tiff", "animation.gif", "scene.svg"])(
    "%s, truncated",
    async (name) => {
      const bytes = await readFile(name === "cat.jpg" ? cat : fixture(name));
      const path = join(temporaryDirectory(), name);
      writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      const error = await failure(path);
      expect(error.code).toBe("BAD_IMAGE");
      expect(error.message).toContain(path);
    },
  );

  test("a folder, a missing file", async () => {
    const folder = join(temporaryDirectory(), "photos.jpg");
    mkdirSync(folder);
    expect(await failure(folder)).toMatchObject({
      code: "BAD_IMAGE",
      message: `${folder} is a folder; give a picture file`,
    });
    const missing = join(folder, "none.jpg");
    expect(await failure(missing)).toMatchObject({ code: "FILE_NOT_FOUND" });
    expect((await failure(missing)).message).toContain(missing);
  });

  test("a stream that breaks, named by the caller", async () => {
    const stream = new Readable({
      read() {
        this.destroy(new Error("connection lost"));
      },
    });
    const error = await failure(stream, { name: "standard input" });
    expect(error.code).toBe("BAD_IMAGE");
    expect(error.message).toBe("standard input cannot be read (connection lost)");
  });

  test("pictures above maxPixels, which can be raised", async () => {
    const error = await failure(fixture("scene.png"), { maxPixels: 1000 });
    expect(error.message).toContain("48 x 32 pixels, 0.00154 megapixels; the limit is 0.001");
    const { width } = await loadImage(fixture("scene.png"), { size, maxPixels: 48 * 32 });
    expect(width).toBe(48);
  });

  test("a small file with 1,000 megapixels", async () => {
    const bomb = await readFile(fixture("huge.png"));
    bomb.writeUInt32BE(100_000, 16);
    bomb.writeUInt32BE(10_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect(await failure(bomb)).toMatchObject({
      code: "BAD_IMAGE",
      message:
        "the given picture has 100000 x 10000 pixels, 1000 megapixels; the limit is 250 megapixels: make it smaller or raise maxPixels",
    });
  });

  test.each([0, -1, 1.5, Number.NaN])("the size %d", async (invalid) => {
    expect((await failure(fixture("scene.png"), { size: invalid })).code).toBe("BAD_ARGUMENT");
  });
});

test("says when it decodes on another thread, unless there is nothing to decode", async () => {
  const events: string[] = [];
  const onDecoding = () => events.push("decoding");
  await loadImage(cat, { size, onDecoding }).then(() => events.push("decoded"));
  await expect(loadImage("absent.png", { size, onDecoding })).rejects.toThrow("absent.png");
  expect(events).toEqual(["decoding", "decoded"]);
});

test("108 megapixels are downscaled while decoding", async () => {
  const { width, height, pixels } = await loadImage(fixture("huge.png"), { size });
  expect([width, height]).toEqual([12000, 9000]);
  expectColors(pixels, new Array(4).fill(white), 0);
});

test.each([false, true])(
  "reads a JPEG that lacks only its end marker, rejects one that is truncated (progressive: %s)",
  async (progressive) => {
    const bytes = await sharp(cat).resize(200).jpeg({ progressive }).toBuffer();
    const expected = await loadImage(bytes, { size });
    expect(await loadImage(bytes.subarray(0, -2), { size })).toEqual(expected);
    for (const part of [0.3, 0.5, 0.7, 0.9]) {
      const cut = bytes.subarray(0, Math.floor(part * bytes.length));
      expect((await failure(cut)).message).toContain("cannot be read completely");
    }
  },
);

test("rejects floating-point pictures, whose white level is unknown", async () => {
  const tags: readonly (readonly [tag: number, value: number])[] = [
    [256, 2], // width
    [257, 2], // height
    [258, 32], // bits
    [262, 1], // gray
    [273, 8], // offset of the pixels
    [278, 2], // rows
    [279, 16], // bytes
    [339, 3], // floating-point
  ];
  const bytes = Buffer.alloc(26 + 12 * tags.length + 4);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(24, 4);
  bytes.fill(Buffer.from(Float32Array.of(0.5).buffer), 8, 24);
  bytes.writeUInt16LE(tags.length, 24);
  for (const [i, [tag, value]] of tags.entries()) {
    const at = 26 + 12 * i;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  const { code, message } = await failure(bytes);
  expect(code).toBe("BAD_IMAGE");
  expect(message).toContain("more than 16 bits (float)");
});

test("reads a JPEG with invalid scan parameters, which some cameras write", async () => {
  const bytes = await readFile(cat);
  const expected = await loadImage(bytes, { size });
  const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
  // After the marker: length (2), number of components (1), 2 bytes for each, then the parameters (3).
  const parameters = scan + 5 + 2 * (bytes[scan + 4] ?? 0);
  expect([...bytes.subarray(parameters, parameters + 3)]).toEqual([0, 63, 0]);
  bytes.fill(0, parameters, parameters + 3);
  expect(await loadImage(bytes, { size })).toEqual(expected);
});

describe("a preview", () => {
  test("is the uncropped picture, in addition to the square", async () => {
    const { preview, pixels } = await loadImage(cat, { size, previewSide: 100 });
    expect(pixels).toHaveLength(size * size * 3);
    expect([preview?.width, preview?.height]).toEqual([100, 67]);
    expect(preview?.pixels).toHaveLength(100 * 67 * 3);
    expect(preview).toEqual(await loadPicture(cat, { side: 100 }));
  });

  test("is never larger than the picture, and at least one pixel high", async () => {
    expect(await loadPicture(fixture("scene.png"), { side: 999 })).toMatchObject({
      width: 48,
      height: 32,
    });
    const line = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="1"/>`;
    const { width, height } = await loadPicture(Buffer.from(line), { side: 90 });
    expect([width, height]).toEqual([90, 1]);
    await expect(loadPicture(cat, { side: 0 })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  });
});

test("an SVG cannot load other files", async () => {
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><image href="file://${fixture("scene.png")}" width="8" height="8"/></svg>`;
  expect(existsSync(fixture("scene.png"))).toBe(true);
  const { pixels } = await loadImage(Buffer.from(picture), { size });
  expectColors(pixels, new Array(4).fill(white), 0);
});
