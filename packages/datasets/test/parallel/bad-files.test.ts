import { chmodSync, existsSync, readdirSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type ReadParallelOptions, readParallel } from "../../src/index.ts";
import { expectError } from "../support/errors.ts";
import { writer } from "./files.ts";

const lines = (count: number) => "A dog\n".repeat(count);

describe("aligned files", () => {
  function read(source: string | Uint8Array, target: string | Uint8Array, options = {}) {
    const write = writer();
    return readParallel({ source: write("t.en", source), target: write("t.de", target) }, options);
  }

  test.each([
    [
      "the source is longer",
      lines(1234),
      lines(2),
      /t\.en has 1,234 lines and \S+t\.de has 2: line 3 of \S+t\.en has no counterpart; give files/,
    ],
    [
      "the target is longer",
      lines(2),
      lines(3),
      /t\.en has 2 lines and \S+t\.de has 3: line 3 of \S+t\.de has no counterpart/,
    ],
    ["one is empty", "", lines(1), /t\.en has 0 lines and .*: line 1 of \S+t\.de has no/],
    ["a blank line more", lines(1), `${lines(1)}\n`, /line 2 of \S+t\.de has no counterpart/],
    ["both are empty", "", "", /t\.en and \S+t\.de: no pair to use; give other files/],
    [
      "all sides are empty",
      "\n",
      "\n",
      /no pair to use \(\S+t\.en line 1: left out, a side is empty\)/,
    ],
  ])("%s", async (_, source, target, message) => {
    await expectError(read(source, target), "BAD_DATA", message);
  });

  test.each([
    ["Latin-1", Buffer.from(`${lines(40_000)}Kätzchen\n`, "latin1"), 40_001],
    ["half a surrogate pair, in three bytes", Buffer.from([0x41, 10, 0xed, 0xa0, 0x80]), 2],
    ["a character cut off by the end", Buffer.from([0x41, 10, 0x42, 10, 0xe3, 0x81]), 3],
  ])("that are not UTF-8: %s", async (_, target, line) => {
    const message = new RegExp(`t\\.de line ${line} is not UTF-8; save`);
    await expectError(read(lines(50_000), target), "BAD_DATA", message);
  });

  test("an empty side is reported with its file, if it is an error", async () => {
    const strict: ReadParallelOptions = { empty: "error" };
    const message = /line 2: the source is empty; write it, or remove the pair/;
    await expectError(read("a\n \n", "b\nb\n", strict), "BAD_DATA", message);
    await expectError(read("a\na\n", "b\n\n", strict), "BAD_DATA", /t\.de line 2: the target is/);
  });
});

describe("gzip", () => {
  const random = Buffer.from(Array.from({ length: 30_000 }, (_, i) => 97 + ((i * i) % 23)));
  const whole = gzipSync(Buffer.concat([random, Buffer.from("\n")]));
  const broken = Buffer.from(whole);
  broken[whole.length - 6] = (broken[whole.length - 6] ?? 0) ^ 1; // of the checksum

  test.each([
    [
      "that is cut off",
      "t.tsv.gz",
      whole.subarray(0, whole.length - 12),
      /the gzip file is cut off; fetch/,
    ],
    ["that is only a header", "t.tsv", whole.subarray(0, 10), /the gzip file is cut off; fetch/],
    ["that is broken", "t.tsv.gz", broken, /gzip file is broken \(incorrect data check\); fetch/],
    [
      "that is not gzip",
      "t.tsv.gz",
      Buffer.from("a\tb\n"),
      /t\.tsv\.gz is not gzip although its name/,
    ],
    ["that is empty", "t.tsv.gz", Buffer.alloc(0), /t\.tsv\.gz is empty although its name/],
  ])("%s", async (_, name, content, message) => {
    await expectError(readParallel({ tsv: writer()(name, content) }), "BAD_DATA", message);
  });
});

describe("rows", () => {
  test.each([
    [
      "one column",
      "a\tb\nGo.\n",
      undefined,
      /t\.tsv line 2 has one column, but column 2 is needed; separate/,
    ],
    ["spaces instead of tabs", "a    b\n", undefined, /line 1 has one column/],
    [
      "too few columns",
      "a\tb\n",
      { source: 1, target: 4 },
      /line 1 has 2 columns, but column 4 is/,
    ],
  ])("of TSV with %s", async (_, content, columns, message) => {
    const tsv = writer()("t.tsv", content);
    await expectError(readParallel({ tsv, columns }), "BAD_DATA", message);
  });

  test.each([
    [
      "broken JSON",
      '{"source":"a","target":"b"}\n{"source":"a',
      /t\.jsonl line 2 is not valid JSON \(.*\); correct it/,
    ],
    ["a list", "[1]", /line 1 is not a JSON object; write \{"source":"\.\.\.","target":"\.\.\."\}/],
    [
      "an absent field",
      '{"en":"a","target":"b"}',
      /line 1 has no field "source", only "en", "target"; write .*--columns en,de/,
    ],
    ["no field", "{}", /has no field "source", only none/],
    ["a number", '{"source":"a","target":1}', /line 1 has no text in "target"; write/],
    ["null", '{"source":null,"target":"b"}', /line 1 has no text in "source"; write/],
  ])("of JSON lines with %s", async (_, content, message) => {
    const jsonl = writer()("t.jsonl", content);
    await expectError(readParallel({ jsonl }), "BAD_DATA", message);
  });
});

describe("tables of several columns", () => {
  const wide = `1276\tLet's try something.\t77\tLass uns etwas versuchen!\t\n`;

  test.each([
    [
      "none of which was chosen",
      "t.tsv",
      wide,
      undefined,
      /t\.tsv has 4 columns \(line 1: 1 "1276", 2 "Let's try something\.", 3 "77", 4 "Lass uns etwas versu\.\.\."\); choose source and target, such as --columns 2,4$/,
    ],
    ["the same in a CSV", "t.csv", 'a,"b, c",d\n', undefined, /t\.csv has 3 columns .*2 "b, c"/],
    ["that has too few", "t.csv", "a,b\n", { source: 1, target: 3 }, /has 2 columns, but column 3/],
    ["of one column", "t.csv", "a\n", undefined, /has one column, but column 2 .* by commas/],
    [
      "without that name",
      "t.tsv",
      "id\ten\tde\n1\ta\tb\n",
      { source: "en", target: "fr" },
      /t\.tsv line 1 names no column "fr", only "id", "en", "de"; choose/,
    ],
  ])("%s", async (_, name, content, columns, message) => {
    const file = writer()(name, content);
    const from = name.endsWith("csv") ? { csv: file, columns } : { tsv: file, columns };
    await expectError(readParallel(from), "BAD_DATA", message);
  });
});

describe("files that are not text", () => {
  test.each([
    ["a Word document", Buffer.from("PK\u0003\u0004\u0014\0\0"), /is a ZIP archive, as \.docx and/],
    ["a PDF", Buffer.from("%PDF-1.4\n%âãÏÓ\n", "latin1"), /t\.en is a PDF, not text; give it as/],
    ["bzip2", Buffer.from("BZh91AY&SY\u0012"), /is compressed by bzip2/],
    [
      "weights",
      Buffer.concat([Buffer.from("abc"), Buffer.alloc(100)]),
      /is a binary file, not text/,
    ],
  ])("%s", async (_, content, message) => {
    const write = writer();
    const [source, target] = [write("t.en", content), write("t.de", "a\n")];
    await expectError(readParallel({ source, target }), "BAD_DATA", message);
  });
});

describe("limits", () => {
  test("a small file that decompresses to a large one", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, "a\n"), { level: 1 });
    const tsv = writer()("t.tsv.gz", bomb);
    const message = /has more than 1,000,000 bytes \(decompressed\); split it$/;
    const reading = readParallel({ tsv, columns: { source: 1, target: 1 } }, { maxBytes: 1e6 });
    await expectError(reading, "READ_FAILED", message);
    const blank = writer()("t.jsonl.gz", gzipSync(Buffer.alloc(20_000_000, " "), { level: 1 }));
    await expectError(readParallel({ jsonl: blank }), "BAD_DATA", /longer than 1,048,576 char/);
  });

  test.each([
    [
      "an endless line",
      `a\tb\n${"c".repeat(4_000_000)}`,
      { maxLength: 9 },
      /line 2 is longer than 1,048,576 characters; give a text with one sentence per line/,
    ],
    [
      "a line above the limit",
      `a\tb\n${"cdef\t".repeat(3)}\n`,
      { maxLineLength: 10 },
      /line 2 is longer than 10 characters/,
    ],
    [
      "too many pairs",
      "a\tb\n".repeat(4),
      { maxPairs: 3 },
      /more than 3 pairs up to .*; give fewer/,
    ],
  ])("%s", async (_, content, options, message) => {
    const tsv = writer()("t.tsv", content);
    await expectError(readParallel({ tsv }, options), "BAD_DATA", message);
  });

  test("as many pairs as allowed", async () => {
    const tsv = writer()("t.tsv", "a\tb\n".repeat(3));
    expect((await readParallel({ tsv }, { maxPairs: 3 })).pairs).toHaveLength(3);
  });

  test.each(["maxBytes", "maxLength", "maxLineLength", "maxPairs"])("%s below 1", async (name) => {
    const reading = readParallel({ tsv: "t.tsv" }, { [name]: 0 });
    await expectError(
      reading,
      "BAD_ARGUMENT",
      new RegExp(`${name} is 0; give a number of at least 1`),
    );
  });

  test.each([0, 1.5, Number.NaN])("column %s", async (source) => {
    const reading = readParallel({ tsv: "t.tsv", columns: { source, target: 1 } });
    await expectError(
      reading,
      "BAD_ARGUMENT",
      /the source column of t\.tsv is .*; give a number of at least 1/,
    );
  });
});

describe("files that cannot be read", () => {
  test("a missing file, a folder, no file", async () => {
    const file = writer()("t.en", "a\n");
    await expectError(readParallel({ tsv: `${file}x` }), "FILE_NOT_FOUND", /t\.enx does not exist/);
    const folder = dirname(file);
    await expectError(
      readParallel({ source: file, target: folder }),
      "READ_FAILED",
      /is a folder; give a file/,
    );
    await expectError(readParallel({ jsonl: folder }), "READ_FAILED", /is a folder; give a file/);
    await expectError(readParallel([]), "BAD_DATA", /no files to read pairs from; give/);
  });

  test.skipIf(process.getuid?.() === 0)("without permission", async () => {
    const tsv = writer()("t.tsv", "a\tb\n");
    chmodSync(tsv, 0);
    await expectError(readParallel({ tsv }), "READ_FAILED", /permission denied/);
  });
});

test.skipIf(!existsSync("/proc/self/fd"))("invalid files are closed", async () => {
  const write = writer();
  const source = write("t.en.gz", gzipSync(`a\n${"b\n".repeat(3_000_000)}`));
  const target = write("t.de", `a\n\n${"b\n".repeat(3_000_000)}`);
  await expectError(readParallel({ source, target }, { empty: "error" }), "BAD_DATA", /line 2/);
  await expect
    .poll(() => openFiles().filter((file) => [source, target].includes(file)))
    .toEqual([]);
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
