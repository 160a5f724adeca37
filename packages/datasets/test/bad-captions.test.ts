import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCaptions } from "../src/index.ts";
import { captionFiles, read, textsOf } from "./support/caption-files.ts";
import { expectError } from "./support/errors.ts";

const header = "image,caption\n";

describe("a row that cannot be used is left out, with a warning", () => {
  const good = "a.jpg,A dog runs\nb.jpg,Two cats\n";

  test.each([
    ["a quote never closed", `b.jpg,"Two birds\n${good}`, "a quote that is never closed"],
    ["a quote closed in a later row", `b.jpg,"Two birds\na.jpg,"A fox"\n${good}`, "a quote"],
    ["text after a quote", `a.jpg,"Two "birds" sit"\n${good}`, "a broken quote"],
    [
      "a comma outside quotes",
      `a.jpg,A bird, flying\n${good}`,
      'not the 2 fields of the header ("image", "caption")',
    ],
    ["a truncated row", `a.jpg\n${good}`, "not the 2 fields of the header"],
    ["an empty caption", `a.jpg,\n${good}`, "the caption has no word"],
    ["a caption of punctuation only", `a.jpg,- .\n${good}`, "the caption has no word"],
    ["no photo", `,A bird\n${good}`, "names no photo"],
    [
      "bytes in no known encoding",
      Buffer.concat([
        Buffer.from("a.jpg,"),
        Buffer.from([0xc0, 0xeb, 0xc1, 0xeb, 0xc2, 0xeb, 0xc3, 0xeb, 0x0a]),
        Buffer.from(good),
      ]),
      "not UTF-8",
    ],
  ])("%s", async (_, rows, fault) => {
    const content = Buffer.concat([Buffer.from(header), Buffer.from(rows)]);
    const set = await read("set.csv", content);
    expect(textsOf(set)).toMatchObject({ "b.jpg": ["Two cats"] });
    expect(textsOf(set)["a.jpg"]?.at(-1)).toBe("A dog runs");
    expect(set.warnings).toHaveLength(1);
    expect(set.warnings[0]).toMatch(/set\.csv line 2: .*; left out$/);
    expect(set.warnings[0]).toContain(fault);
  });

  test("a stray quote loses none of thousands of rows after it", async () => {
    const set = await read("set.csv", `${header}a.jpg,"A dog\n${"b.jpg,Two cats\n".repeat(9000)}`);
    expect(textsOf(set)["b.jpg"]).toHaveLength(9000);
    expect(set.warnings[0]).toMatch(/line 2: a quote that is never closed; left out/);
  });

  test("different faults have separate warnings, with their lines", async () => {
    const rows = `a.jpg,\na.jpg,"x\nb.jpg,.\nb.jpg,A, bird\n${good.repeat(3)}`;
    const { warnings } = await read("set.csv", header + rows);
    expect(warnings.slice(0, 3).map((each) => each.replace(/.*set/, "set"))).toEqual([
      "set.csv line 2, 4: the caption has no word; left out",
      "set.csv line 3: a quote that is never closed; left out",
      'set.csv line 5: not the 2 fields of the header ("image", "caption"); left out',
    ]);
  });

  test("lines of JSON lines and entries of JSON", async () => {
    const row = (image: string, caption: unknown) => JSON.stringify({ image, caption });
    const rows = [row("a.jpg", "A dog"), '{"image": "a.j', row("b.jpg", 3), row("b.jpg", "A cat")];
    rows.push("[1]", row("a.jpg", "A pet"), row("b.jpg", "A bird"));
    const set = await read("set.jsonl", rows.join("\n"));
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog", "A pet"], "b.jpg": ["A cat", "A bird"] });
    expect(set.warnings.map((each) => each.replace(/.*set/, "set"))).toEqual([
      "set.jsonl line 2: not valid JSON; left out",
      'set.jsonl line 3: "caption" is neither a text nor a list of texts; left out',
      "set.jsonl line 5: not a JSON object; left out",
    ]);
  });

  test("COCO annotations without their image", async () => {
    const images = [{ id: 1, file_name: "a.jpg" }];
    const annotations = [1, 2, 1].map((image_id, i) => ({ image_id, caption: `A dog ${i}` }));
    const set = await read("set.json", JSON.stringify({ images, annotations }));
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog 0", "A dog 2"] });
    expect(set.warnings).toEqual([expect.stringMatching(/annotation 2: .*; left out/)]);
  });
});

describe("errors are one line that names file, line and remedy", () => {
  test.each([
    [
      "a comma outside quotes in most rows",
      "set.csv",
      `${header}a.jpg,A dog, running
b.jpg,A cat, too
b.jpg,A cat`,
      /set\.csv line 2, 3: not the 2 fields of the header .*\(2 of 3 rows cannot be used\).*double quotes/,
    ],
    [
      "quotes in most rows",
      "set.csv",
      `${header}a.jpg,"A dog
b.jpg,"A cat
`,
      /set\.csv line 2, 3: a quote that is never closed .*; close the quote/,
    ],
    [
      "empty captions",
      "set.csv",
      `${header}a.jpg,A dog
a.jpg,
b.jpg,"
"
`,
      /set\.csv line 3, 4: the caption has no word .*; write one/,
    ],
    [
      "a row without a photo",
      "set.csv",
      `${header},A dog\n`,
      /set\.csv line 2: names no photo; write/,
    ],
    [
      "no header",
      "set.csv",
      "c.jpg,A dog\nb.jpg,Two cats\n",
      /set\.csv line 1 has no column for the photo, only "c\.jpg", "A dog"; name the columns image and caption, or choose by --image-column/,
    ],
    [
      "no caption column",
      "set.csv",
      "image,words\na.jpg,A dog\n",
      /has no column for the caption, only "image", "words"/,
    ],
    ["an empty file", "set.csv", "", /set\.csv has no caption to use; give another file/],
    ["only a header", "set.csv", header, /set\.csv has no caption to use/],
    ["an empty list", "set.json", "[]", /set\.json has no caption to use/],
    [
      "broken JSON lines",
      "set.jsonl",
      '{"image": "a.jpg", "caption": "A dog"}\n{"image": "a.jpg", "cap\n{',
      /set\.jsonl line 2, 3: not valid JSON .*; correct/,
    ],
    [
      "a broken document",
      "set.json",
      '{"images": [\n{"id": 3,\n"id": ]}',
      /set\.json (line 3 )?is not valid JSON/,
    ],
    [
      "a truncated document",
      "set.json",
      '{"images": [\n{"id": 3',
      /set\.json line 2 is not valid JSON/,
    ],
    ["no JSON object", "set.jsonl", "[1, 2]\n", /set\.jsonl line 1: not a JSON object; write/],
    [
      "a caption that is not text",
      "set.jsonl",
      '{"image": "a.jpg", "caption": 3}',
      /set\.jsonl line 1: "caption" is neither a text nor/,
    ],
    [
      "a photo that is not text",
      "set.jsonl",
      '{"image": true, "caption": "A dog"}',
      /set\.jsonl line 1: "image" is not a text/,
    ],
    [
      "a missing field",
      "set.json",
      '[{"image": "a.jpg", "alt": "A dog"}]',
      /set\.json entry 1: no column for the caption, only "image", "alt"/,
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
      /set\.json is JSON, but not a known caption format; give COCO/,
    ],
    [
      "COCO without captions",
      "set.json",
      '{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "bbox": []}]}',
      /set\.json annotation 1: an annotation without caption; is it a caption file/,
    ],
    [
      "COCO that names no image",
      "set.json",
      '{"images": [], "annotations": [{"image_id": 1, "caption": "A dog"}]}',
      /set\.json annotation 1: its image is not in "images"; add/,
    ],
    [
      "Karpathy's without sentences",
      "set.json",
      '{"images": [{"filename": "a.jpg"}]}',
      /set\.json image 1: at "sentences": .*; is it a caption file/,
    ],
    [
      "a line without an end",
      "set.jsonl",
      `{"image": "${"a".repeat(3_000_000)}`,
      /set\.jsonl line 1 is longer than 1,048,576 characters; write one entry per line/,
    ],
  ])("%s", async (_, name, content, message) => {
    await expectError(read(name, content), "BAD_DATA", message);
  });

  test("a chosen column that does not exist", async () => {
    const reading = read("set.csv", `${header}a.jpg,A dog\n`, { columns: { caption: "alt" } });
    await expectError(reading, "BAD_DATA", /has no column "alt", only "image", "caption"/);
  });

  test("a chosen part that does not exist", async () => {
    const content =
      '{"images": [{"filename": "a.jpg", "split": "train", "sentences": [{"raw": "A dog"}]}]}';
    const reading = read("set.json", content, { parts: ["dev"] });
    const message = /no caption of part dev to use; it has train \(1 captions\); choose by --part/;
    await expectError(reading, "BAD_DATA", message);
  });
});

describe("missing photos", () => {
  const rows = ["a", "b", "c", "d", "e"].map((name) => `${name}.jpg,A dog\n`).join("");

  test("are counted, with the first names and the first line", async () => {
    const reading = read("set.csv", header + rows, { photos: ["a.jpg"] });
    const message =
      /4 of 5 photos of .*set\.csv are not in .*photos: b\.jpg, c\.jpg, d\.jpg and 1 more; .*line 3.*--allow-missing/;
    await expectError(reading, "BAD_DATA", message);
  });

  test("are an error if all are missing, even with allowMissing", async () => {
    const reading = read("set.csv", header + rows, { photos: [], allowMissing: true });
    await expectError(reading, "BAD_DATA", /set\.csv has no caption to use; 5 of 5 photos/);
  });

  test("are an error if their folder is missing", async () => {
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
  test("a missing file, a folder, a missing split", async () => {
    const { file, images } = captionFiles("set.csv", `${header}a.jpg,A dog\n`);
    const options = { imagesDirectory: images };
    await expectError(readCaptions(`${file}x`, options), "FILE_NOT_FOUND", /csvx does not exist/);
    await expectError(readCaptions(images, options), "READ_FAILED", /is a folder; give a file/);
    const split = join(images, "train.txt");
    await expectError(readCaptions(file, { ...options, split }), "FILE_NOT_FOUND", /train\.txt/);
  });

  test.skipIf(process.getuid?.() === 0)("an unreadable folder of photos", async () => {
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

test.skipIf(!existsSync("/proc/self/fd"))("an invalid file is closed", async () => {
  const { file, images } = captionFiles(
    "set.csv",
    `image,text,caption,words\n${"x.jpg,Two cats\n".repeat(300_000)}`,
  );
  const reading = readCaptions(file, { imagesDirectory: images, columns: { image: "photo" } });
  await expectError(reading, "BAD_DATA", /line 1 has no column "photo"/);
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
