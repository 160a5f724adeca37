import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCaptions } from "../src/index.ts";
import { captionFiles, read, textsOf } from "./support/caption-files.ts";
import { expectError } from "./support/errors.ts";

const csv = (...names: string[]) =>
  `image,caption\n${names.map((name, i) => `${name},A dog ${i}\n`).join("")}`;

describe("photos are found by names that", () => {
  test.each([
    ["are composed while the disk's are not", "caf\u00e9.jpg", "cafe\u0301.jpg"],
    ["are not composed while the disk's are", "cafe\u0301.jpg", "caf\u00e9.jpg"],
    ["have a composed folder", "B\u00e4ume/1.jpg", "Ba\u0308ume/1.jpg"],
    ["have spaces around", '" a.jpg "', "a.jpg"],
    ["are Windows paths", "c\\d.jpg", "c/d.jpg"],
    ["are absolute Windows paths", "C:\\Users\\me\\photos\\a.jpg", "a.jpg"],
    ["are absolute paths from another machine", "/content/photos/c/a.jpg", "c/a.jpg"],
    ["begin with the folder's name", "photos/a.jpg", "a.jpg"],
    ["are URL-encoded", "my%20dog.jpg", "my dog.jpg"],
    ["are web addresses", "https://example.org/x/a.jpg?width=640#top", "a.jpg"],
    ["have no extension", "1000092795", "1000092795.jpg"],
    ["end with a caption's number", "a.jpg#3", "a.jpg"],
  ])("%s", async (_, name, onDisk) => {
    const { file, images } = captionFiles("set.csv", csv(name), [onDisk]);
    const set = await readCaptions(file, { imagesDirectory: images });
    expect(set.images).toMatchObject([{ id: onDisk, file: join(images, onDisk) }]);
  });

  test("are spelled in two ways, as one photo with the captions of both", async () => {
    const photos = ["cafe\u0301.jpg"];
    const set = await read("set.csv", csv("caf\u00e9.jpg", "cafe\u0301.jpg"), { photos });
    expect(textsOf(set)).toEqual({ "cafe\u0301.jpg": ["A dog 0", "A dog 1"] });
  });

  test("are exactly those on disk, before other readings", async () => {
    const photos = ["a%20b.jpg", "a b.jpg", "c.jpg#1", "c.jpg"];
    const set = await read("set.csv", csv(...photos), { photos });
    expect(set.images.map(({ id }) => id)).toEqual(photos);
  });

  test("come from a split file", async () => {
    const photos = ["cafe\u0301.jpg", "a.jpg"];
    const { file, images, write } = captionFiles("set.csv", csv("caf\u00e9.jpg", "a.jpg"), photos);
    const split = write("split.txt", "caf\u00e9\n");
    const set = await readCaptions(file, { imagesDirectory: images, split });
    expect(textsOf(set)).toEqual({ "cafe\u0301.jpg": ["A dog 0"] });
  });
});

describe("photos that are matched by the last part of a path", () => {
  test("have a warning", async () => {
    const { warnings } = await read("set.csv", csv("/content/a.jpg", "/content/b.jpg"));
    expect(warnings).toEqual([
      expect.stringMatching(/the folders of \/content\/a\.jpg, \/content\/b\.jpg do not exist/),
    ]);
  });

  test("never match two names", async () => {
    const reading = read("set.csv", csv("x/a.jpg", "y/a.jpg"));
    await expectError(reading, "BAD_DATA", /1 of 2 photos .*: y\/a\.jpg/);
  });
});

test.each([
  ["cat.jpg", "cat.JPG"],
  ["Cat.jpg", "cat.jpg"],
  ["cat.jpeg", "cat.jpg"],
])("for %s, %s is suggested", async (name, onDisk) => {
  const reading = read("set.csv", csv(name), { photos: [onDisk, "dog.jpg"] });
  const meant = `${name} \\(did you mean ${onDisk}\\?\\); correct`;
  await expectError(reading, "BAD_DATA", new RegExp(meant));
});
