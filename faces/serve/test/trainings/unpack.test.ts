import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { create } from "tar";
import { beforeEach, expect, test } from "vitest";
import { addData } from "../../src/trainings/add-data.ts";
import { isArchive, unpack } from "../../src/trainings/unpack.ts";
import { type ZipEntry, zipOf } from "../support/zip.ts";

let root: string;
let folder: string;
const limits = { maxBytes: 1000, maxFiles: 5 };

beforeEach(() => {
  root = temporaryDirectory();
  folder = join(root, "data");
});

async function tarOf(files: Readonly<Record<string, string>>, link?: string): Promise<string> {
  const source = join(root, "source");
  mkdirSync(join(source, "photos"), { recursive: true });
  for (const [name, data] of Object.entries(files)) writeFileSync(join(source, name), data);
  if (link !== undefined) symlinkSync(link, join(source, "link"));
  const file = join(root, "data.tar.gz");
  await create({ gzip: true, file, cwd: source }, readdirSync(source));
  return file;
}

function zipFile(entries: readonly ZipEntry[]): string {
  const file = join(root, "data.zip");
  writeFileSync(file, zipOf(entries));
  return file;
}

const photos = [
  { name: "photos/", data: "" },
  { name: "photos/a b.jpg", data: "photo" },
  { name: "captions.csv", data: "image,caption\n" },
];

test("unpacks the files and folders of a zip and a tar", async () => {
  expect(await addData(zipFile(photos), folder)).toEqual(["captions.csv", "photos"]);
  expect(readFileSync(join(folder, "photos/a b.jpg"), "utf8")).toBe("photo");
  const tar = await tarOf({ "photos/c.jpg": "another", "captions.csv": "more" });
  expect(await addData(tar, folder)).toEqual(["captions.csv", "photos"]);
  expect(readdirSync(join(folder, "photos")).sort()).toEqual(["a b.jpg", "c.jpg"]);
  expect(readFileSync(join(folder, "captions.csv"), "utf8")).toBe("more");
});

test("another file stays as it is", async () => {
  const file = join(root, "pairs.tsv");
  writeFileSync(file, "one\teins\n");
  expect(isArchive("pairs.tsv")).toBe(false);
  expect(await addData(file, folder)).toEqual(["pairs.tsv"]);
});

test.each([
  ["a path that leads out", { name: "../out.txt", data: "x" }, /invalid relative path/],
  ["a whole path", { name: "/etc/out.txt", data: "x" }, /absolute path/],
  ["a link", { name: "link", data: "/etc/passwd", mode: 0o120777 }, /"link", which is not a file/],
])("refuses a zip with %s", async (_, entry, message) => {
  const unpacked = unpack(zipFile([entry]), "data.zip", folder, limits);
  await expect(unpacked).rejects.toMatchObject({
    code: "BAD_DATA",
    message: expect.stringMatching(message),
  });
  expect(readdirSync(root).sort()).toEqual(["data", "data.zip"]);
  expect(readdirSync(folder)).toEqual([]);
});

test("refuses a tar with a link", async () => {
  const file = await tarOf({ "a.txt": "x" }, "/etc/passwd");
  await expect(unpack(file, "data.tar.gz", folder, limits)).rejects.toThrow(
    /^data.tar.gz contains "link", which is not a file; pack only files and folders$/,
  );
  expect(readdirSync(folder)).not.toContain("link");
});

test("refuses too much", async () => {
  const large = "x".repeat(1001);
  const many = Array.from({ length: 6 }, (_, i) => ({ name: `${i}`, data: "" }));
  const tooLarge =
    /contains more than 1,000 bytes; give the path of a folder instead, or less data/;
  const zip = () => unpack(join(root, "data.zip"), "data.zip", folder, limits);
  zipFile([{ name: "large", data: large }]);
  await expect(zip()).rejects.toThrow(tooLarge);
  zipFile(many);
  await expect(zip()).rejects.toThrow(/contains more than 5 files/);
  const tar = await tarOf({ large });
  await expect(unpack(tar, "data.tgz", folder, limits)).rejects.toThrow(tooLarge);
});

test.each(["data.zip", "data.tar", "data.tar.gz"])("refuses a damaged %s", async (name) => {
  const file = join(root, name);
  writeFileSync(file, "no archive".repeat(100));
  await expect(unpack(file, name, folder, limits)).rejects.toMatchObject({
    code: "BAD_DATA",
    message: expect.stringMatching(/cannot be unpacked: .*; pack it again$/),
  });
});
