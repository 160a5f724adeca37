import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatParallelStatistics,
  type ParallelText,
  parallelStatistics,
  readParallel,
} from "../../src/index.ts";
import { writer } from "./files.ts";

const sides = ({ pairs }: ParallelText) => pairs.map(({ source, target }) => [source, target]);

describe("two aligned files", () => {
  test("are read line by line, with line numbers", async () => {
    const write = writer();
    const [source, target] = [
      write("t.en", "A dog\nA cat\n"),
      write("t.de", "Ein Hund\nEine Katze"),
    ];
    const text = await readParallel({ source, target });
    expect(text).toEqual({
      pairs: [
        { source: "A dog", target: "Ein Hund", file: source, line: 1 },
        { source: "A cat", target: "Eine Katze", file: source, line: 2 },
      ],
      skipped: { empty: 0, overlong: 0 },
      warnings: [],
    });
  });

  test("may be plain or gzip, whatever their names, even with several gzip members", async () => {
    const write = writer();
    const members = Buffer.concat([gzipSync("Ein Hund\n"), gzipSync("Eine Katze\n")]);
    const text = await readParallel([
      { source: write("a.en.gz", gzipSync("A dog\nA cat\n")), target: write("a.de", members) },
      { source: write("b.en", "A fish"), target: write("b.de.GZ", gzipSync("Ein Fisch")) },
    ]);
    expect(sides(text)).toEqual([
      ["A dog", "Ein Hund"],
      ["A cat", "Eine Katze"],
      ["A fish", "Ein Fisch"],
    ]);
  });

  test("have lines ended only by \\n and \\r\\n; byte order marks and surrounding whitespace are removed", async () => {
    const write = writer();
    const text = await readParallel({
      source: write("t.en", "\uFEFF a\u2028b\u0085c\r\n\u3000d\re\vf \r\n"),
      target: write("t.de", "x\n\uFEFFy\u2029\n"),
    });
    expect(sides(text)).toEqual([
      ["a\u2028b\u0085c", "x"],
      ["d\re\vf", "y"],
    ]);
  });

  test("are read completely, whatever the sizes of lines and pieces", async () => {
    const folder = temporaryDirectory();
    const sentence = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .map((text) => text.replaceAll(/[\r\n]/g, "").trim())
      .filter((text) => text !== "");
    const long = fc.tuple(sentence, fc.constantFrom(1, 1, 3000)).map(([text, n]) => text.repeat(n));
    const lists = fc.array(fc.tuple(long, long), { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(lists, fc.boolean(), fc.boolean(), async (pairs, zipped, atEnd) => {
        const write = (name: string, side: 0 | 1) => {
          const text = pairs.map((pair) => pair[side]).join("\n") + (atEnd ? "\n" : "");
          writeFileSync(join(folder, name), zipped ? gzipSync(text) : text);
          return join(folder, name);
        };
        const from = { source: write("s", 0), target: write("t", 1) };
        const text = await readParallel(from, { maxLength: 1e6 });
        expect(sides(text)).toEqual(pairs);
        expect(text.pairs.map(({ line }) => line)).toEqual(pairs.map((_, index) => index + 1));
      }),
      { numRuns: 50 },
    );
  });
});

describe("TSV", () => {
  const rows = '1\tGo.\t"9\tGeh.\n\n2\tHi.\t\t Hallo\u2028du. \r\n';

  test("has two columns or chosen ones; quotes are text", async () => {
    const write = writer();
    const two = await readParallel({ tsv: write("two.tsv", 'Go.\t"9\t\nHi.\t"8"\textra\n') });
    expect(sides(two)).toEqual([
      ["Go.", '"9'],
      ["Hi.", '"8"'],
    ]);
    expect(two.warnings).toEqual([
      expect.stringMatching(/two\.tsv line 2: has more than two columns; the first two are used$/),
    ]);
    const columns = { source: 4, target: 2 };
    const chosen = await readParallel({ tsv: write("t.tsv.gz", gzipSync(rows)), columns });
    expect(chosen.pairs.map(({ source, line }) => [source, line])).toEqual([
      ["Geh.", 1],
      ["Hallo\u2028du.", 3],
    ]);
  });
});

describe("a header", () => {
  const names = { source: "en", target: "DE" };
  test.each([
    ["common names", "t.tsv", "Source\tTarget\na\tb\n", undefined],
    ["the caller's names", "t.csv", "english,german\na,b\n", undefined],
    ["chosen names", "t.tsv", "id\tde\ten\n1\tb\ta\n", names],
    ["chosen names in a CSV", "t.csv", "sep=;\nde;id;en\nb;1;a\n", names],
    [
      "names above chosen numbers",
      "t.tsv",
      "id\tsource\ttarget\n1\ta\tb\n",
      { source: 2, target: 3 },
    ],
  ])("of %s is left out, with a warning", async (_, name, content, columns) => {
    const file = writer()(name, content);
    const from = name.endsWith("csv") ? { csv: file, columns } : { tsv: file, columns };
    const text = await readParallel(from, { headers: ["English", "German"] });
    expect(sides(text)).toEqual([["a", "b"]]);
    expect(text.warnings).toEqual([
      `${file} line ${content.startsWith("sep") ? 2 : 1}: left out, it names the columns`,
    ]);
  });

  test("has only column names, unlike a sentence", async () => {
    const text = await readParallel({ tsv: writer()("t.tsv", "Text\tEin Text\nb\tc\n") });
    expect(text.pairs).toHaveLength(2);
  });
});

describe("CSV", () => {
  test.each([
    ["commas", '"Hi, you","Hallo, du"\nGo,"Geh ""jetzt"""\n'],
    ["semicolons", '"Hi, you";"Hallo, du"\nGo;"Geh ""jetzt"""\n'],
    ["semicolons, with commas in sentences", 'Hi, you;Hallo, du\nGo;"Geh ""jetzt"""\n'],
    [
      "tabs, with CRLF and a byte order mark",
      '\uFEFFHi, you\tHallo, du\r\n\r\nGo\t"Geh ""jetzt"""\r\n',
    ],
    ["bars", 'Hi, you|Hallo, du\nGo|"Geh ""jetzt"""\n'],
  ])("is separated by %s", async (_, content) => {
    const text = await readParallel({ csv: writer()("t.csv.gz", gzipSync(content)) });
    expect(sides(text)).toEqual([
      ["Hi, you", "Hallo, du"],
      ["Go", 'Geh "jetzt"'],
    ]);
  });

  test("joins a sentence over two lines, and leaves out a row whose quote is never closed", async () => {
    const csv = writer()("t.csv", 'a,"b\nc"\n"d,e\nf,g\n');
    const text = await readParallel({ csv });
    expect(text.pairs.map(({ source, target, line }) => [source, target, line])).toEqual([
      ["a", "b c", 1],
      ["f", "g", 4],
    ]);
    expect(text.warnings).toEqual([`${csv} line 3: left out, it has a quote that is never closed`]);
  });
});

test("reads UTF-16 with a byte order mark", async () => {
  const write = writer();
  const [source, target] = ["A dög\nA cat\n", "Ein Hund\r\nEine Kätze\r\n"].map(
    (text) => `\uFEFF${text}`,
  );
  const text = await readParallel({
    source: write("t.en", Buffer.from(source ?? "", "utf16le")),
    target: write("t.de", gzipSync(Buffer.from(target ?? "", "utf16le").swap16())),
  });
  expect(sides(text)).toEqual([
    ["A dög", "Ein Hund"],
    ["A cat", "Eine Kätze"],
  ]);
});

test("keeps lines unchanged if requested, even empty and blank ones", async () => {
  const write = writer();
  const aligned = { source: write("t.en", " a \n\nb\n"), target: write("t.de", "\n\nc") };
  const sources = [
    aligned,
    { tsv: write("t.tsv", "d\te\n\nf\t\n") },
    { jsonl: write("t.jsonl", "\n") },
  ];
  const text = await readParallel(sources, { empty: "keep", maxLength: 2 ** 20 });
  expect(sides(text)).toEqual([
    [" a ", ""],
    ["", ""],
    ["b", "c"],
    ["d", "e"],
    ["", ""],
    ["f", ""],
    ["", ""],
  ]);
  expect(text.warnings).toEqual([]);
});

test("reads JSON lines, with default or chosen fields, and ignores others", async () => {
  const write = writer();
  const text = await readParallel([
    { jsonl: write("a.jsonl", '{"source":"A dog","target":"Ein Hund","id":1}\r\n\n') },
    {
      jsonl: write("b.jsonl.gz", gzipSync('{"de":"Ein\\tHund","en":"\\ud83d"}')),
      fields: { source: "en", target: "de" },
    },
  ]);
  expect(sides(text)).toEqual([
    ["A dog", "Ein Hund"],
    ["\ud83d", "Ein\tHund"],
  ]);
});

describe("pairs that are left out", () => {
  test("are counted, with a warning: those with an empty side, those that are too long", async () => {
    const write = writer();
    const tsv = write(
      "t.tsv",
      `a\tb\n\tb\na\t \n${"\u3000\tb\n".repeat(1500)}a\t${"b".repeat(51)}\n`,
    );
    const text = await readParallel({ tsv }, { maxLength: 50 });
    expect(sides(text)).toEqual([["a", "b"]]);
    expect(text.skipped).toEqual({ empty: 1502, overlong: 1 });
    expect(text.warnings).toEqual([
      `${tsv} line 2, 3, 4 and 1,499 more: left out, a side is empty`,
      `${tsv} line 1504: left out, a side has more than 50 characters`,
    ]);
  });
});

test("computes statistics", async () => {
  const pair = (source: string, target: string) => ({ source, target });
  const of = parallelStatistics([
    pair("Go.", "Geh."),
    pair("Go.", "Gehen Sie."),
    pair("Go.", "Geh."),
    pair("Off!", "Geh."),
  ]);
  expect(of).toMatchObject({ pairs: 4, distinctSources: 2, distinctTargets: 2, repeated: 1 });
  expect(of.sourceLength).toMatchObject({ min: 3, mean: 3.25, max: 4 });
  expect(formatParallelStatistics(of)).toBe(
    [
      "4 pairs (1 repeated), 2 distinct sources, 2 distinct targets",
      "3 to 4 characters per source, 3.3 on average, 95% at most 4",
      "4 to 10 characters per target, 5.5 on average, 95% at most 10",
    ].join("\n"),
  );
  expect(parallelStatistics([])).toMatchObject({ pairs: 0, sourceLength: { max: 0 } });
});
