import { copyFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@attend/test-kit";
import sharp from "sharp";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isHeic } from "../src/images/formats/heic.ts";
import { loadImage } from "../src/images/load-image.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

type Color = readonly [red: number, green: number, blue: number];

/** Checks a picture of two by two pixels. */
async function expectPixels(bytes: Uint8Array, colors: readonly Color[], tolerance = 0) {
  const { pixels } = await loadImage(bytes, { size: 2 });
  colors.flat().forEach((value, i) => {
    const off = Math.abs((pixels[i] ?? 0) - value);
    expect(off, `${[...pixels]}`).toBeLessThanOrEqual(tolerance);
  });
}

describe("HEIC", () => {
  afterEach(() => {
    vi.doUnmock("libheif-js/libheif-wasm/libheif-bundle.js");
    vi.resetModules();
  });

  test("is detected by its brand, whatever the file name", async () => {
    const path = join(temporaryDirectory(), "photo.jpg");
    copyFileSync(fixture("scene.heic"), path);
    expect(await loadImage(path, { size: 2 })).toMatchObject({ width: 48, height: 32 });
  });

  test.each([
    ["heic", [], true],
    ["heix", [], true],
    ["hevc", [], true],
    ["mif1", ["heic"], true],
    ["mif1", ["avif", "miaf"], false],
    ["avif", ["mif1"], false],
    ["isom", ["mp42"], false],
  ])("brand %s with %j: %s", (major, others, expected) => {
    const brands = [major, "\0\0\0\0", ...others].join("");
    const box = Buffer.from(`\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}`);
    expect(isHeic(Buffer.concat([box, Buffer.alloc(600, "heic")]))).toBe(expected);
    expect(isHeic(box.subarray(0, 10))).toBe(false);
  });

  test("in tiles, like the photos of phones", async () => {
    const { width, height, pixels } = await loadImage(fixture("tiles.heic"), { size: 2 });
    expect([width, height]).toEqual([144, 96]);
    const expected = await loadImage(fixture("scene.png"), { size: 2 });
    pixels.forEach((value, i) => {
      expect(Math.abs(value - (expected.pixels[i] ?? 0))).toBeLessThan(4);
    });
  });

  test("has the same limits as other formats", async () => {
    await expect(loadImage(fixture("scene.heic"), { size: 2, maxPixels: 999 })).rejects.toThrow(
      "has 48 x 32 pixels, 0.00154 megapixels; the limit is 0.000999 megapixels",
    );
  });

  test("is rejected if truncated", async () => {
    const bytes = await readFile(fixture("scene.heic"));
    for (const end of [20, 100, 300, bytes.length - 100]) {
      await expect(loadImage(bytes.subarray(0, end), { size: 2 })).rejects.toMatchObject({
        code: "BAD_IMAGE",
      });
    }
  });

  test("reports how to install libheif if it is missing", async () => {
    vi.resetModules();
    vi.doMock("libheif-js/libheif-wasm/libheif-bundle.js", () => {
      throw new Error("Cannot find module");
    });
    const { loadImage } = await import("../src/images/load-image.ts");
    await expect(loadImage(fixture("scene.heic"), { size: 2 })).rejects.toMatchObject({
      code: "BAD_IMAGE",
      message: `${fixture("scene.heic")} is HEIC (HEVC, the format of iPhones), and the library that reads it is not installed; run \`npm install libheif-js\`, or convert it to JPEG`,
    });
  });
});

describe("BMP", () => {
  const red: Color = [255, 0, 0];
  const green: Color = [0, 255, 0];
  const blue: Color = [0, 0, 255];
  const yellow: Color = [255, 255, 0];
  const quarters = [red, green, blue, yellow];
  const bgr = ([r, g, b]: Color) => [b, g, r];

  /** A file of 2 x 2 pixels; rows are bottom-up unless `height` is negative. */
  function bmp(
    bits: number,
    data: readonly number[],
    { height = 2, compression = 0, palette = [] as readonly Color[], masks = [] as number[] } = {},
  ): Buffer {
    const colors = palette.flatMap((color) => [...bgr(color), 0]);
    const start = 54 + masks.length * 4 + colors.length;
    const file = Buffer.alloc(start + data.length);
    file.write("BM");
    file.writeUInt32LE(file.length, 2);
    file.writeUInt32LE(start, 10);
    file.writeUInt32LE(40, 14);
    file.writeInt32LE(2, 18);
    file.writeInt32LE(height, 22);
    file.writeUInt16LE(1, 26);
    file.writeUInt16LE(bits, 28);
    file.writeUInt32LE(compression, 30);
    file.writeUInt32LE(palette.length, 46);
    for (const [i, mask] of masks.entries()) file.writeUInt32LE(mask, 54 + 4 * i);
    file.set([...colors, ...data], start - colors.length);
    return file;
  }

  test.each([
    ["24 bits", bmp(24, [...bgr(blue), ...bgr(yellow), 0, 0, ...bgr(red), ...bgr(green), 0, 0])],
    [
      "32 bits",
      bmp(
        32,
        [blue, yellow, red, green].flatMap((color) => [...bgr(color), 0]),
      ),
    ],
    ["a palette of 8 bits", bmp(8, [2, 3, 0, 0, 0, 1, 0, 0], { palette: quarters })],
    ["a palette of 4 bits", bmp(4, [0x23, 0, 0, 0, 0x01, 0, 0, 0], { palette: quarters })],
    [
      "the top row first",
      bmp(4, [0x01, 0, 0, 0, 0x23, 0, 0, 0], { palette: quarters, height: -2 }),
    ],
    [
      "run lengths",
      bmp(8, [1, 2, 1, 3, 0, 0, 1, 0, 1, 1, 0, 1], { palette: quarters, compression: 1 }),
    ],
    [
      "16 bits with masks",
      bmp(16, [0x1f, 0, 0xe0, 0xff, 0, 0xf8, 0xe0, 0x07], {
        compression: 3,
        masks: [0xf800, 0x7e0, 0x1f],
      }),
    ],
  ])("with %s", async (_, file) => {
    await expectPixels(file, quarters, 8);
  });

  test("is rejected if truncated or too large", async () => {
    const file = bmp(24, new Array(16).fill(0));
    await expect(loadImage(file.subarray(0, 60), { size: 2 })).rejects.toThrow(
      "cannot be read completely",
    );
    file.writeInt32LE(100_000, 18);
    file.writeInt32LE(-100_000, 22);
    await expect(loadImage(file, { size: 2 })).rejects.toThrow("has 100000 x 100000 pixels");
  });
});

describe("CMYK JPEG without Adobe's marker", () => {
  /** Light and dark areas. sharp writes CMYK inverted and with the marker. */
  const drawing = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">
    <rect width="64" height="64" fill="#ffe0c0"/><rect width="32" height="32" fill="#c03020"/>
    <rect x="32" y="32" width="32" height="32" fill="#203060"/></svg>`);
  const unmarked = (jpeg: Buffer) => {
    const at = jpeg.indexOf(Buffer.from([0xff, 0xee]));
    expect(jpeg.toString("latin1", at + 4, at + 9)).toBe("Adobe");
    return Buffer.concat([jpeg.subarray(0, at), jpeg.subarray(at + 2 + jpeg.readUInt16BE(at + 2))]);
  };
  const colors: readonly Color[] = [
    [0xc0, 0x30, 0x20],
    [0xff, 0xe0, 0xc0],
    [0xff, 0xe0, 0xc0],
    [0x20, 0x30, 0x60],
  ];

  test("is read like one with the marker, inverted or not", async () => {
    const inverted = await sharp(drawing).toColorspace("cmyk").jpeg({ quality: 95 }).toBuffer();
    await expectPixels(inverted, colors, 40);
    await expectPixels(unmarked(inverted), colors, 40);
    await expectPixels(unmarked(await negated(inverted)), colors, 40);
  });

  /** The same file with inverted inks. */
  async function negated(jpeg: Buffer): Promise<Buffer> {
    const inks = sharp(jpeg).pipelineColorspace("cmyk").toColorspace("cmyk").negate();
    return inks.jpeg({ quality: 95 }).toBuffer();
  }
});
