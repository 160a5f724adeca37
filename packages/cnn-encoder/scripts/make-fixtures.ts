/**
 * Writes the pictures of test/fixtures: a small scene (red, green above blue, yellow) in every format
 * and variant that `loadImage` must read, and files that it must reject:
 *
 *     pnpm exec tsx scripts/make-fixtures.ts
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const folder = fileURLToPath(new URL("../test/fixtures/", import.meta.url));
await mkdir(folder, { recursive: true });
const to = (name: string): string => folder + name;

const [width, height] = [48, 32];
type Color = readonly [red: number, green: number, blue: number];
const scene: readonly Color[] = [
  [220, 30, 30],
  [30, 180, 30],
  [30, 30, 220],
  [230, 220, 30],
];

/** The four colors as quarters: top left, top right, bottom left, bottom right. */
function quarters(colors: readonly Color[]): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const right = i % width >= width / 2 ? 1 : 0;
    const bottom = i >= (width * height) / 2 ? 2 : 0;
    pixels.set(colors[right + bottom] ?? [0, 0, 0], i * 3);
  }
  return pixels;
}

const raw = { width, height, channels: 3 } as const;
const upright = () => sharp(quarters(scene), { raw });
const jpeg = { quality: 95, chromaSubsampling: "4:4:4" };

await upright().jpeg(jpeg).toFile(to("scene.jpg"));
await upright().png().toFile(to("scene.png"));
await upright().webp({ lossless: true }).toFile(to("scene.webp"));
await upright().avif({ quality: 90, chromaSubsampling: "4:4:4" }).toFile(to("scene.avif"));
await upright().tiff({ compression: "lzw" }).toFile(to("scene.tiff"));
await upright()
  .jpeg({ ...jpeg, progressive: true })
  .toFile(to("progressive.jpg"));
await upright().toColorspace("cmyk").jpeg(jpeg).toFile(to("cmyk.jpg"));
await upright().toColorspace("rgb16").png().toFile(to("rgb16.png"));
await upright().png({ palette: true }).toFile(to("palette.png"));
await upright().toColorspace("b-w").png().toFile(to("gray.png"));
await upright().toColorspace("grey16").png().toFile(to("gray16.png"));

// Rotated, with an orientation tag: upright it is the scene.
await upright().rotate(-90).withMetadata({ orientation: 6 }).jpeg(jpeg).toFile(to("rotated.jpg"));

// The left half is red and opaque, the right half green and fully transparent.
const alpha = Buffer.alloc(width * height, 255);
for (let i = 0; i < alpha.length; i++) if (i % width >= width / 2) alpha[i] = 0;
const transparent = upright().joinChannel(alpha, { raw: { width, height, channels: 1 } });
await transparent.clone().png().toFile(to("alpha.png"));
await transparent.clone().webp({ lossless: true }).toFile(to("alpha.webp"));

// Two frames: the scene, then all black.
const frames = Buffer.concat([quarters(scene), Buffer.alloc(width * height * 3)]);
await sharp(frames, { raw: { width, height: height * 2, channels: 3, pageHeight: height } })
  .gif()
  .toFile(to("animation.gif"));

const css = ([red, green, blue]: Color) => `rgb(${red},${green},${blue})`;
const rectangles = scene.map(
  (color, i) =>
    `<rect x="${(i % 2) * 24}" y="${i > 1 ? 16 : 0}" width="24" height="16" fill="${css(color)}"/>`,
);
await writeFile(
  to("scene.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rectangles.join("")}</svg>\n`,
);

const complete = await readFile(to("scene.jpg"));
await writeFile(to("truncated.jpg"), complete.subarray(0, complete.length - 120));
const png = await readFile(to("scene.png"));
await writeFile(to("truncated.png"), png.subarray(0, 70));
await writeFile(to("header-only.jpg"), complete.subarray(0, 40));
await writeFile(to("empty.jpg"), "");
await writeFile(to("text.jpg"), "this is no picture\n");
// 12,000 x 9,000 pixels of one color: small as a file, 108 megapixels in memory.
await sharp({ create: { width: 12000, height: 9000, channels: 3, background: "white" } })
  .toColorspace("b-w")
  .png({ compressionLevel: 9, palette: true, colours: 2 })
  .toFile(to("huge.png"));
