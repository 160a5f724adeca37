import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { temporaryDirectory } from "@attend/test-kit";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { openHeatmapFolder } from "../src/commands/heatmap-folder.ts";
import { describeSkipped, findPhotos, sourceOf } from "../src/commands/photos.ts";
import { predictCommand } from "../src/commands/predict.ts";
import { writePhoto } from "./fixture.ts";

const find = (content: string | Buffer) => findPhotos(["-"], Readable.from([Buffer.from(content)]));
const pathsIn = async (content: string | Buffer) =>
  (await find(content)).photos.map(({ path }) => path);

describe("stdin", () => {
  const paths = ["a.jpg", "b c.jpg", "https://example.org/d.jpg"];

  test.each([
    ["lines", Buffer.from(`${paths[0]}\n\n${paths[1]}\r\n${paths[2]}`)],
    ["names between NULs", Buffer.from(paths.join("\0"))],
    ["UTF-16", Buffer.from(`\uFEFF${paths.join("\r\n")}\r\n`, "utf16le")],
    ["big-endian UTF-16", Buffer.from(`\uFEFF${paths.join("\n")}`, "utf16le").swap16()],
  ])("with %s contains paths", async (_, list) => {
    expect(await pathsIn(list)).toEqual(paths);
  });

  test("with Latin-1 contains paths, and each is found or reported", async () => {
    const folder = temporaryDirectory();
    const old = Buffer.from(join(folder, "alt\xe9.png"), "latin1");
    writeFileSync(old, await sharp({ create: gray }).png().toBuffer());
    const young = await writePhoto(folder, "café.png");
    const lines = [join(folder, "alt\xe9.png"), young, join(folder, "no\xe9.png")];
    const { photos } = await find(Buffer.from(lines.join("\n"), "latin1"));
    expect(photos.map(({ error }) => error?.code)).toEqual([
      undefined,
      undefined,
      "FILE_NOT_FOUND",
    ]);
    expect(photos[2]?.error?.message).toContain("its name is not in UTF-8");
    // The first one can be read, although its name is not a valid string.
    const { loadImage } = await import("@attend/cnn-encoder");
    const [first, second] = photos.slice(0, 2).map(sourceOf);
    expect(await loadImage(first ?? "", { size: 1 })).toMatchObject({ width: 8 });
    expect(second).toBe(young);
  });

  test.each(["png", "jpeg", "webp", "gif", "tiff", "avif"] as const)(
    "with %s bytes contains a photo",
    async (format) => {
      const bytes = await sharp({ create: gray }).toFormat(format).toBuffer();
      expect((await find(bytes)).photos).toEqual([{ path: "stdin", bytes }]);
    },
  );

  test.each([
    ["HEIC", "\0\0\0\x1cftypheic\0\0\0\0mif1heic"],
    ["BMP", "BM\x9a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"],
    ["SVG", '\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ["a damaged file", "\x89P\x02\x03\x04"],
  ])("with %s contains a photo", async (_, text) => {
    const bytes = Buffer.from(text, "latin1");
    expect((await find(bytes)).photos).toEqual([{ path: "stdin", bytes }]);
  });

  test.each(["", " \n\n", "\0\0"])("without content (%j) is an error", async (content) => {
    await expect(find(content)).rejects.toThrow("stdin is empty; pipe a photo into it");
  });
});

const gray = { width: 8, height: 8, channels: 3, background: "#808080" } as const;

describe("a folder", () => {
  test("yields photos with any known extension, and counts the rest", async () => {
    const folder = temporaryDirectory();
    const found = "a.jfif b.jpe c.bmp d.HEIC e.heif f.jpeg g.tif".split(" ");
    for (const name of [...found, "h.txt", "i.mp4", "j.txt", "README", ".hidden"]) {
      writeFileSync(join(folder, name), "");
    }
    const { photos, skipped } = await findPhotos([folder]);
    expect(photos.map(({ path }) => path)).toEqual(found.map((name) => join(folder, name)));
    expect(describeSkipped(skipped)).toBe("4 files skipped: no extension, .txt, .mp4");
    expect(describeSkipped(["a.txt"])).toBe("1 file skipped: .txt");
  });
});

describe("a folder for heat maps", () => {
  const result = { caption: "A dog.", logProbability: -1, tokens: [], alternatives: [] };
  const attention = { words: [], grid: [7, 7], weights: [] } as const;
  const picture = { pixels: new Uint8Array(48), width: 4, height: 4 };
  const captioned = { ...result, attention, picture, width: 4, height: 4 };

  test("accepts any photo name", async () => {
    const folder = temporaryDirectory();
    const heatmaps = await openHeatmapFolder(folder);
    const write = async (path: string) =>
      (await heatmaps.write({ path }, captioned)).slice(folder.length + 1);
    expect(await write("photo.jpg[1]")).toBe("photo.heatmap.png");
    expect(await write("sub/Photo.png")).toBe("Photo-2.heatmap.png");
    expect(await write(`${"n".repeat(245)}.jpg`)).toBe(`${"n".repeat(220)}.heatmap.png`);
    expect(await write(`${"é".repeat(120)}.jpg`)).toBe(`${"é".repeat(110)}.heatmap.png`);
    expect(await write("https://example.org/a/dog.jpg?size=9/8#x")).toBe("dog.heatmap.png");
    expect(await write("data:image/png;base64,AA/BB==")).toBe("data.heatmap.png");
  });

  test.each([
    ["that is a broken link", "link", /link is a link to .*, which does not exist; remove it/],
    ["below a file", "file/looked", /a part of the path is a file, not a folder/],
  ])("%s is reported before any photo is read", async (_, name, message) => {
    const folder = temporaryDirectory();
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "model"));
    const command = predictCommand().exitOverride();
    const args = ["a.jpg", "--attention", join(folder, name), "--model", join(folder, "model")];
    await expect(command.parseAsync(args, { from: "user" })).rejects.toMatchObject({
      code: "WRITE_FAILED",
      message: expect.stringMatching(message),
    });
  });
});
