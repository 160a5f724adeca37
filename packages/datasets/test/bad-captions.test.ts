import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCaptions } from "../src/index.ts";
import { captionFiles, read } from "./support/caption-files.ts";
import { expectError } from "./support/errors.ts";

const header = "image,caption\n";

describe("broken quotes name the row in which they began", () => {
  test.each([
    ["never closed", 'a.jpg,A dog\nb.jpg,"Two cats\na.jpg,A dog\n', 3],
    ["closed by a later row's", 'a.jpg,A dog\nb.jpg,"Two cats\na.jpg,"A dog"\n', 3],
    ["within a caption that is not quoted", 'a.jpg,A dog\n\nb.jpg,Two "cats"\n', 3],
    ["text after it", 'a.jpg,"Two "cats" sit"\n', 2],
    ["never closed in a large file", `a.jpg,"A dog\n${"b.jpg,Two cats\n".repeat(9000)}`, 2],
  ])("%s", async (_, rows, line) => {
    const message = new RegExp(`set\\.csv: the row .* line ${line} has a broken quote .*; close`);
    await expectError(read("set.csv", header + rows), "BAD_DATA", message);
  });
});

describe("one line that names file, line and remedy", () => {
  test.each([
    [
      "a comma outside quotes",
      "set.csv",
      `${header}a.jpg,A dog, running\n`,
      /set\.csv line 2 has 3 fields where the header has 2 .*double quotes/,
    ],
    [
      "a row that is cut off",
      "set.csv",
      `${header}a.jpg,A dog\nb.jpg`,
      /set\.csv line 3 has 1 fields/,
    ],
    [
      "an empty caption",
      "set.csv",
      `${header}a.jpg,A dog\na.jpg,\nb.jpg,"\n"\n`,
      /set\.csv line 3, 4: the caption has no word; write one/,
    ],
    [
      "a caption of marks only",
      "set.csv",
      `${header}a.jpg,- .\n`,
      /line 2: the caption has no word/,
    ],
    [
      "a row without a photo",
      "set.csv",
      `${header},A dog\n`,
      /set\.csv line 2 names no photo; write/,
    ],
    [
      "no header",
      "set.csv",
      "a.jpg,A dog\nb.jpg,Two cats\n",
      /set\.csv line 1 has no column for the photo, only "a\.jpg", "A dog"; name the columns image and caption/,
    ],
    [
      "no caption column",
      "set.csv",
      "image,words\na.jpg,A dog\n",
      /has no column for the caption, only "image", "words"/,
    ],
    [
      "Latin-1",
      "set.csv",
      Buffer.from(`${header}a.jpg,A dog\na.jpg,Ein Kätzchen\n`, "latin1"),
      /set\.csv line 3 is not UTF-8; save/,
    ],
    ["an empty file", "set.csv", "", /set\.csv has no caption to use; give another file/],
    ["a header alone", "set.csv", header, /set\.csv has no caption to use/],
    ["an empty list", "set.json", "[]", /set\.json has no caption to use/],
    [
      "broken JSON lines",
      "set.jsonl",
      '{"image": "a.jpg", "caption": "A dog"}\n{"image": "a.jpg", "cap\n',
      /set\.jsonl line 2 is not valid JSON .*; correct/,
    ],
    [
      "a broken document",
      "set.json",
      '{"images": [\n{"id": 3,\n"id": ]}',
      /set\.json (line 3 )?is not valid JSON/,
    ],
    [
      "a document that is cut off",
      "set.json",
      '{"images": [\n{"id": 3',
      /set\.json line 2 is not valid JSON/,
    ],
    ["no JSON object", "set.jsonl", "[1, 2]\n", /set\.jsonl line 1 is not a JSON object; write/],
    [
      "a caption that is no text",
      "set.jsonl",
      '{"image": "a.jpg", "caption": 3}',
      /set\.jsonl line 1: caption is neither a text nor/,
    ],
    [
      "a photo that is no text",
      "set.jsonl",
      '{"image": 1, "caption": "A dog"}',
      /set\.jsonl line 1: image is not a text/,
    ],
    [
      "a field that is absent",
      "set.json",
      '[{"image": "a.jpg", "alt": "A dog"}]',
      /set\.json entry 1 has no column for the caption, only "image", "alt"/,
    ],
    [
      "an empty caption in a list",
      "set.json",
      '[{"image": "a.jpg", "caption": " "}]',
      /set\.json entry 1: the caption has no word/,
    ],
    [
      "JSON of another kind",
      "set.json",
      '{\n"questions": []}',
      /set\.json is JSON but holds no captions that are known; give COCO/,
    ],
    [
      "COCO without captions",
      "set.json",
      '{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "bbox": []}]}',
      /set\.json at annotations\[0\]\.caption: .*is it a file of captions/,
    ],
    [
      "COCO that names no image",
      "set.json",
      '{"images": [], "annotations": [{"image_id": 1, "caption": "A dog"}]}',
      /set\.json annotation 1 belongs to image 1, which "images" lacks/,
    ],
    [
      "Karpathy's without sentences",
      "set.json",
      '{"images": [{"filename": "a.jpg"}]}',
      /set\.json at images\[0\]\.sentences/,
    ],
    [
      "a line without an end",
      "set.jsonl",
      `{"image": "${"a".repeat(3_000_000)}`,
      /set\.jsonl line 1 is longer than 1,048,576 characters; write one entry a line/,
    ],
  ])("%s", async (_, name, content, message) => {
    await expectError(read(name, content), "BAD_DATA", message);
  });

  test("a chosen column that is absent", async () => {
    const reading = read("set.csv", `${header}a.jpg,A dog\n`, { columns: { caption: "alt" } });
    await expectError(reading, "BAD_DATA", /has no column "alt", only "image", "caption"/);
  });

  test("a chosen part that is absent", async () => {
    const content =
      '{"images": [{"filename": "a.jpg", "split": "train", "sentences": [{"raw": "A dog"}]}]}';
    const reading = read("set.json", content, { splitNames: ["dev"] });
    await expectError(reading, "BAD_DATA", /has no caption of dev to use; it has train/);
  });
});

describe("photos", () => {
  const rows = ["a", "b", "c", "d", "e"].map((name) => `${name}.jpg,A dog\n`).join("");

  test("that are absent: how many, the first names, the first line", async () => {
    const reading = read("set.csv", header + rows, { photos: ["a.jpg"] });
    const message =
      /4 of 5 photos of .*set\.csv are not in .*photos: b\.jpg, c\.jpg, d\.jpg and 1 more; .*line 3.*allow/;
    await expectError(reading, "BAD_DATA", message);
  });

  test("that are all absent cannot be allowed", async () => {
    const reading = read("set.csv", header + rows, { photos: [], allowMissing: true });
    await expectError(reading, "BAD_DATA", /set\.csv has no caption to use; 5 of 5 photos/);
  });

  test("in a folder that is absent", async () => {
    const { file } = captionFiles("set.csv", header + rows);
    const reading = readCaptions(file, { imagesDirectory: "/nowhere", allowMissing: true });
    await expectError(reading, "FILE_NOT_FOUND", /\/nowhere does not exist/);
  });
});

describe("split files", () => {
  test.each([
    ["that are empty", "\n\n", /train\.txt names no photo; write one/],
    [
      "that name none of the photos",
      "x.jpg\ny.jpg",
      /set\.csv has no caption of .*train\.txt to use/,
    ],
  ])("%s", async (_, names, message) => {
    const { file, images, write } = captionFiles("set.csv", `${header}a.jpg,A dog\n`);
    const split = write("train.txt", names);
    await expectError(readCaptions(file, { imagesDirectory: images, split }), "BAD_DATA", message);
  });
});

describe("files that cannot be read", () => {
  test("absent, a folder, an absent split", async () => {
    const { file, images } = captionFiles("set.csv", `${header}a.jpg,A dog\n`);
    const options = { imagesDirectory: images };
    await expectError(readCaptions(`${file}x`, options), "FILE_NOT_FOUND", /csvx does not exist/);
    await expectError(readCaptions(images, options), "READ_FAILED", /is a folder; give a file/);
    const split = join(images, "train.txt");
    await expectError(readCaptions(file, { ...options, split }), "FILE_NOT_FOUND", /train\.txt/);
  });

  test.skipIf(process.getuid?.() === 0)("a folder of photos that is closed", async () => {
    const { file, images } = captionFiles("set.csv", `${header}c/d.jpg,A dog\n`);
    mkdirSync(join(images, "c"));
    chmodSync(join(images, "c"), 0);
    await expectError(
      readCaptions(file, { imagesDirectory: images }),
      "READ_FAILED",
      /permission denied/,
    );
    chmodSync(join(images, "c"), 0o700);
  });
});

test.skipIf(!existsSync("/proc/self/fd"))("a file that is broken is not kept open", async () => {
  const { file, images } = captionFiles(
    "set.csv",
    `${header}a.jpg,A, dog\n${"b.jpg,Two cats\n".repeat(300_000)}`,
  );
  await expectError(readCaptions(file, { imagesDirectory: images }), "BAD_DATA", /line 2 has 3/);
  await expect.poll(() => openFiles()).not.toContain(file);
});

function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // closed meanwhile: the listing itself
    }
  });
}
