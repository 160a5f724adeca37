import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { captionFiles, linesOf, read, textsOf } from "./support/caption-files.ts";
import { expectError } from "./support/errors.ts";

describe("files as they are published", () => {
  test("Flickr8k's token file: no header, a number after the photo, one invalid photo", async () => {
    const rows = [
      "a.jpg#0\tA dog , which runs , in snow .",
      'a.jpg#1\tA sign that says " stop .',
      "b.jpg.1#0\tA bird sings .",
      "b.jpg#0\tTwo cats .",
      "c.jpg.1#0\tNothing is there .",
    ];
    const set = await read("Flickr8k.token.txt", rows.join("\n"));
    expect(textsOf(set)).toEqual({
      "a.jpg": ["A dog , which runs , in snow .", 'A sign that says " stop .'],
      "b.jpg": ["A bird sings .", "Two cats ."],
    });
    expect(set.warnings).toEqual([
      expect.stringMatching(/line 5: no photo is named c\.jpg\.1; left/),
    ]);
  });

  test("Flickr30k's results, with their row without a bar", async () => {
    const rows = [
      "image_name| comment_number| comment",
      'a.jpg| 0| A dog with a "ball" , running .',
      'a.jpg| 1| " Hello " says a dog',
      "b.jpg| 4   Two cats .",
      "b.jpg| 0| Two cats .",
    ];
    const set = await read("results.csv", rows.join("\n"));
    expect(textsOf(set)).toEqual({
      "a.jpg": ['A dog with a "ball" , running .', '" Hello " says a dog'],
      "b.jpg": ["Two cats ."],
    });
    expect(set.warnings).toEqual([expect.stringMatching(/line 4: not the 3 fields .*; left out/)]);
  });

  test("Flickr30k's token file with a header", async () => {
    const set = await read("set.tsv", "image\tcaption\na.jpg#0\tA dog\na.jpg#1\tA pet\n");
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog", "A pet"] });
  });
});

describe("tab-separated", () => {
  test("quotes are text, unless a spreadsheet has quoted the field", async () => {
    const rows = [
      'a.jpg\tA cat next to a sign that says " meow " .',
      'a.jpg\t"Stop" and "go"',
      'a.jpg\t"He says ""hi"", then goes"',
      'a.jpg\t"A dog,\nrunning"',
      'a.jpg\t"A\tdog"',
      'b.jpg\t"Two cats',
      'b.jpg\tA bird"',
    ];
    const set = await read("set.tsv", `image\tcaption\n${rows.join("\n")}`);
    expect(textsOf(set)).toEqual({
      "a.jpg": [
        'A cat next to a sign that says " meow " .',
        '"Stop" and "go"',
        'He says "hi", then goes',
        "A dog, running",
        "A dog",
      ],
      "b.jpg": ['"Two cats', 'A bird"'],
    });
    expect(linesOf(set)).toEqual([2, 3, 4, 5, 7, 8, 9]);
    expect(set.warnings).toEqual([]);
  });
});

describe("headers and separators", () => {
  test.each([
    ["IMAGE,Caption", ","],
    ["File_Name;CAPTION", ";"],
    ["Image Name\tComment", "\t"],
    ["sep=;\r\nImage;Caption", ";"],
    ['"sep=\t"\r\nimage\tcaption', "\t"],
    ["sep=,\nimage,caption", ","],
  ])("%j", async (head, separator) => {
    const set = await read("set.csv", `\uFEFF${head}\r\na.jpg${separator}A dog runs\r\n`);
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog runs"] });
  });

  test("no header, but existing photos", async () => {
    const set = await read("set.csv", 'a.jpg,A dog runs\nb.jpg,"Two cats, asleep"\na.jpg,A pet\n');
    expect(textsOf(set)).toEqual({
      "a.jpg": ["A dog runs", "A pet"],
      "b.jpg": ["Two cats, asleep"],
    });
    expect(linesOf(set)).toEqual([1, 3, 2]);
  });

  test("no header, and a comma outside quotes in the first row", async () => {
    const rows = "a.jpg,A dog, running\na.jpg,A pet\nb.jpg,Two cats\n";
    const set = await read("set.csv", rows);
    expect(textsOf(set)).toEqual({ "a.jpg": ["A pet"], "b.jpg": ["Two cats"] });
    expect(set.warnings).toEqual([
      expect.stringMatching(/line 1: not the 2 fields of a file without a header; left out/),
    ]);
  });

  test("no header, and a number between photo and caption", async () => {
    const set = await read("set.csv", "a.jpg|0|A dog\na.jpg|1|A pet\n");
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog", "A pet"] });
  });

  test("empty fields added by a spreadsheet", async () => {
    const set = await read("set.csv", "image,caption\na.jpg,A dog,,\n");
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog"] });
  });

  test("more empty rows of a spreadsheet than captions", async () => {
    const set = await read("set.csv", ';;\nimage;caption;\n;;\na.jpg;A dog;\n;;\n"";\n;;\n');
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog"] });
  });

  test("quotes inside an unquoted field are kept, with a warning", async () => {
    const set = await read("set.csv", 'image,caption\na.jpg,A "big" dog\nb.jpg,A 5" cat\n');
    expect(textsOf(set)).toEqual({ "a.jpg": ['A "big" dog'], "b.jpg": ['A 5" cat'] });
    expect(set.warnings).toEqual([
      expect.stringMatching(/line 2, 3: quotes inside an unquoted field; kept/),
    ]);
  });

  test("photos whose names are numbers", async () => {
    const set = await read("set.jsonl", '{"image": 1000, "caption": "A dog"}', {
      photos: ["1000.jpg"],
    });
    expect(textsOf(set)).toEqual({ "1000.jpg": ["A dog"] });
  });

  test("columns chosen in any case", async () => {
    const columns = { image: "picture", caption: "alt text" };
    const set = await read("set.csv", "Picture,Alt Text,caption\na.jpg,A dog,x\n", { columns });
    expect(textsOf(set)).toEqual({ "a.jpg": ["A dog"] });
  });
});

describe("encodings", () => {
  const content = "image,caption\na.jpg,Ein Kätzchen schläft\nb.jpg,A café\n";

  test("Latin-1 is read line by line, with a warning", async () => {
    const mixed = Buffer.concat([
      Buffer.from(content, "latin1"),
      Buffer.from("b.jpg,Zwei Vögel\n"),
      Buffer.from("b.jpg,the dog\x92s \x93ball\x94\n", "latin1"),
    ]);
    const set = await read("set.csv", mixed);
    expect(textsOf(set)).toEqual({
      "a.jpg": ["Ein Kätzchen schläft"],
      "b.jpg": ["A café", "Zwei Vögel", "the dog’s “ball”"],
    });
    expect(set.warnings).toEqual([
      expect.stringMatching(/set\.csv line 2, 3, 5: not UTF-8, read as Windows-1252 .*UTF-8/),
    ]);
  });

  test("UTF-16 without a byte order mark, in either byte order", async () => {
    const bytes = Buffer.from(content, "utf16le");
    for (const each of [bytes, Buffer.from(bytes).swap16()]) {
      const set = await read("set.csv", each);
      expect(textsOf(set)["a.jpg"]).toEqual(["Ein Kätzchen schläft"]);
    }
  });

  test("gzip", async () => {
    const set = await read("set.csv.gz", gzipSync(content));
    expect(textsOf(set)["b.jpg"]).toEqual(["A café"]);
  });

  test.each([
    [
      "a picture",
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
      /is a binary file, not text; give captions as CSV/,
    ],
    [
      "terminal escapes",
      Buffer.from("\x1b[2J\x1b[31m\x07\x07 gotcha \x1b[0m"),
      /is a binary file, not text/,
    ],
    [
      "a spreadsheet",
      Buffer.from("PK\x03\x04\x14\0\0\0"),
      /is a ZIP archive, as .docx and .xlsx files are, not text; give captions as CSV/,
    ],
  ])("%s is not printed", async (_, bytes, message) => {
    await expectError(read("set.csv", bytes), "BAD_DATA", message);
  });

  test("a message escapes control characters that it quotes", async () => {
    const long = "x".repeat(500);
    const reading = read("set.csv", `photo\u009b2J\u202e,${long}\n${"a,b\n".repeat(100)}`);
    await expectError(reading, "BAD_DATA", /only "photo\\u009b2J\\u202e", "x{60}\.\.\."/);
  });
});

test.skipIf(!existsSync("/dev/fd"))("any file may be a pipe", async () => {
  const { file, images, write } = captionFiles(
    "set.csv",
    "image,caption\na.jpg,A dog\nb.jpg,A cat\n",
  );
  const split = write("split.txt", "b.jpg\n");
  const script = `
    import { readCaptions } from "@attend/datasets";
    const [file, split] = process.argv.slice(1);
    const set = await readCaptions(file, { imagesDirectory: ${JSON.stringify(images)}, split });
    console.log(JSON.stringify(set.images.map(({ id, captions }) => [id, captions])));`;
  const flags = "--conditions=@attend/source --import tsx --input-type=module";
  const command = `node ${flags} -e '${script}' -- <(cat '${file}') <(cat '${split}')`;
  const { stdout } = await promisify(execFile)("bash", ["-c", command], {
    cwd: import.meta.dirname,
  });
  expect(JSON.parse(stdout)).toEqual([["b.jpg", [{ text: "A cat", line: 3 }]]]);
});
