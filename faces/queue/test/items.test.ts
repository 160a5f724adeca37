import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { type ItemsOptions, itemsOf } from "../src/items.ts";
import { type KindName, kinds } from "../src/kinds/index.ts";
import { allOf } from "./support/all-of.ts";

function itemsIn(source: string, kind: KindName, options: ItemsOptions = {}) {
  return allOf(itemsOf(source, kinds[kind], options));
}

function write(name: string, content: string | Uint8Array): string {
  const file = join(temporaryDirectory(), name);
  writeFileSync(file, content);
  return file;
}

test("a folder's photos, sorted, with those of its folders", async () => {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, "b"));
  for (const name of ["c.jpg", "a.PNG", "notes.txt", "b/1.webp", ".hidden.jpg"]) {
    writeFileSync(join(folder, name), "");
  }
  const images = ["a.PNG", "b/1.webp", "c.jpg"].map((name) => join(folder, name));
  expect(await itemsIn(folder, "captions")).toEqual(images.map((image) => ({ image })));
  const each = [{ question: "What?" }, { question: "Where?" }];
  expect(await itemsIn(folder, "questions", { each })).toEqual(
    images.flatMap((image) => each.map((more) => ({ image, ...more }))),
  );
});

test("the lines of a list: texts as they are, files from any folder", async () => {
  const list = write("list.txt", " A dog.\r\n\n{not JSON}\n");
  const texts = [" A dog.", "", "{not JSON}"];
  expect(await itemsIn(list, "translation")).toEqual(texts.map((text) => ({ text })));
  const photos = write("list.txt", "a.jpg\n\nhttps://example.org/b.jpg\n");
  const images = [join(process.cwd(), "a.jpg"), "https://example.org/b.jpg"];
  expect(await itemsIn(photos, "captions")).toEqual(images.map((image) => ({ image })));
});

test("the objects of JSON Lines, with all that they say", async () => {
  const rows = [
    { text: "A dog.", id: 7 },
    { text: "", tags: ["a"] },
  ];
  const lines = rows.map((row) => JSON.stringify(row)).join("\n\n");
  expect(await itemsIn(write("texts.jsonl", lines), "translation")).toEqual(rows);
  expect(await itemsIn(write("texts", lines), "translation", { jsonLines: true })).toEqual(rows);
});

test.each([
  ["a missing file", "captions", () => join(temporaryDirectory(), "none"), "does not exist"],
  ["a folder without photos", "captions", temporaryDirectory, "holds no file ending in .jpg"],
  ["a folder of texts", "translation", temporaryDirectory, "is a folder; give a list of texts"],
  ["no JSON", "captions", () => write("a.jsonl", '{"image":"a"}\n{"ima'), "line 2 is not valid"],
  ["another object", "captions", () => write("a.jsonl", '{"text":"a"}'), 'expected { "image":'],
  ["no object", "captions", () => write("a.jsonl", "[1]"), 'expected { "image":'],
  ["no question", "questions", () => write("a.txt", "a.jpg"), '"question": "..." }'],
  ["no UTF-8", "translation", () => write("a.txt", Buffer.from("a\n\xff\n", "latin1")), "line 2"],
  ["a picture", "translation", () => write("a.txt", Buffer.alloc(100)), "is a binary file"],
] as const)("%s is an error", async (_, kind, source, message) => {
  await expect(itemsIn(source(), kind)).rejects.toThrow(message);
});
