import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { loadGolden, useEngine } from "@attend/test-kit";
import { translators } from "@attend/translator";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { evaluateCommand } from "../src/commands/evaluate.ts";
import { writer } from "./support/files.ts";
import { makeModel, pairs } from "./support/models.ts";

useEngine();

interface Scored {
  readonly metric: string;
  readonly score: number;
  readonly signature: string;
}

/** See golden/make_evaluate.py. */
type Golden = readonly {
  readonly hypotheses: readonly string[];
  /** By file. */
  readonly references: readonly (readonly string[])[];
  readonly scored: readonly {
    readonly options: readonly string[];
    readonly scores: readonly Scored[];
  }[];
}[];

const golden = loadGolden<Golden>(new URL("./golden/evaluate.golden.json", import.meta.url));

/** sacreBLEU's options with other names here. */
const names: Readonly<Record<string, string>> = {
  "-lc": "--lowercase",
  "-s": "--smoothing",
  "-sv": "--smoothing-value",
  "-tok": "--tokenizer",
};

let write: ReturnType<typeof writer>;
let stderr: string;
beforeEach(() => {
  write = writer();
  stderr = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

async function evaluate(...args: readonly string[]) {
  let stdout = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += text;
    return true;
  });
  await evaluateCommand()
    .exitOverride()
    .parseAsync([...args, "--json", "--quiet"], { from: "user" })
    .finally(() => spy.mockRestore());
  return JSON.parse(stdout);
}

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
const withoutVersion = (signature: string) => signature.replace(/\|version:[^|]*$/, "");

describe.each(golden.map((corpus, i) => ({ i, ...corpus })))(
  "corpus $i",
  ({ hypotheses, references, scored }) => {
    test.each(scored)("scores are sacreBLEU's with $options", async ({ options, scores }) => {
      const files = references.map((lines, i) => write(`ref${i}`, text(lines)));
      const ours = options.map((option) => names[option] ?? option);
      const hypothesis = write("hyp", text(hypotheses));
      const found = await evaluate("--hypotheses", hypothesis, ...ours, "--references", ...files);
      expect(found.lines).toBe(hypotheses.length);
      const byName = (a: Scored, b: Scored) => a.metric.localeCompare(b.metric);
      expect(
        found.scores
          .map(({ metric, score, signature }: Scored) => ({
            ...{ metric, signature: withoutVersion(signature) },
            score: expect.closeTo(score, 8),
          }))
          .toSorted(byName),
      ).toEqual(scores.toSorted(byName).map((each) => ({ ...each })));
    });
  },
);

describe("with a model", () => {
  let model: string[];
  beforeEach(async () => {
    const random = makeModel();
    const folder = write("unused", "").replace(/unused$/, "model");
    await translators.save(random, folder);
    random.network.dispose();
    model = ["--model", folder];
  });

  const sources = [pairs[0]?.source ?? "", "", "  ", pairs[1]?.source ?? ""];
  const targets = ["", "Eine leere Zeile?", "", pairs[1]?.target ?? ""];

  test("counts every line, including empty ones, in files and in tables", async () => {
    const predictions = write("output.txt", "");
    const other = write("other.txt", text(["x", "y", "z", "w"]));
    const files = [write("t.en", text(sources)), write("t.de", text(targets))];
    const more = ["--predictions", predictions, "--against", other, ...model];
    const found = await evaluate(...files, ...more);
    const translations = readFileSync(predictions, "utf8").split("\n");
    expect(translations).toHaveLength(5);
    expect(translations[1]?.trim()).toBe("");
    expect(translations[3]).not.toBe("");
    expect(found).toMatchObject({ from: "en", to: "de", lines: 4, compared: expect.any(Array) });
    const alone = await evaluate("--hypotheses", predictions, "--references", files[1] ?? "");
    expect(alone.scores).toEqual(found.scores);
    expect(alone).not.toHaveProperty("seconds");
    const table = write("t.tsv", text(sources.map((source, i) => `${source}\t${targets[i]}`)));
    expect((await evaluate(table, "--against", other, ...model)).scores).toEqual(found.scores);
    expect(stderr).toBe("");
  });

  test("accepts sources with several references, or pairs with more references", async () => {
    const [source, first] = [write("t.en", text(sources)), write("t.de", text(targets))];
    const second = write("u.de", text(["Zwei", "", "drei", ""]));
    const apart = await evaluate(source, ...model, "--references", first, second);
    const together = await evaluate(source, first, ...model, "--references", second);
    expect(apart.scores).toEqual(together.scores);
    expect(apart.scores[0].signature).toMatch(/^nrefs:2\|/);
  });
});

test("byte order marks, gzip, UTF-16 and CRLF make no difference in any file", async () => {
  const [hypothesis, reference, other] = [
    ["Ein Hund rennt durch den Wald", "", "Zwei Männer"],
    ["Ein Hund rennt durch den Park", "x", "Zwei Männer"],
    ["Hund", "x", "Drei"],
  ].map(text);
  const score = async (kind: string, as: (content: string) => Uint8Array) => {
    const file = (name: string, content = "") => write(`${name}.${kind}`, as(content));
    const inputs = [
      "--hypotheses",
      file("hypothesis", hypothesis),
      "--against",
      file("other", other),
    ];
    return await evaluate(...inputs, "--references", file("reference", reference));
  };
  const plain = await score("txt", Buffer.from);
  expect(plain.scores[0].score).toBeGreaterThan(0);
  const mark = (content: string) => `\uFEFF${content}`;
  const all: [string, (content: string) => Uint8Array][] = [
    ["bom", (content) => Buffer.from(mark(content))],
    ["gz", (content) => gzipSync(mark(content))],
    ["le", (content) => Buffer.from(mark(content), "utf16le")],
    ["be", (content) => Buffer.from(mark(content), "utf16le").swap16()],
    ["crlf", (content) => Buffer.from(content.replaceAll("\n", "\r\n"))],
    ["open", (content) => Buffer.from(content.trimEnd())],
  ];
  for (const [kind, as] of all) expect(await score(kind, as), kind).toEqual(plain);
});

test("uses sacreBLEU's zh for --to Chinese, and warns if the language is unknown", async () => {
  const hypotheses = ["--hypotheses", write("output", "我喜欢苹果。\n")];
  const references = ["--references", write("reference", "我喜欢梨。\n")];
  const chinese = await evaluate(...hypotheses, "--to", "zh-hans", ...references);
  expect(chinese.scores[0].signature).toContain("tok:zh");
  expect(stderr).toBe("");
  const unknown = await evaluate(...hypotheses, ...references);
  expect(unknown.scores[0].signature).toContain("tok:13a");
  expect(stderr).toMatch(/^warning: the references have no spaces .*--to zh.*\n$/);
});

describe("rejects", () => {
  const cases: [string, (file: (name: string, lines: number) => string) => string[], RegExp][] = [
    ["no files", () => [], /nothing to evaluate; pass sources .*--hypotheses.*--references/],
    [
      "a translation without references",
      (file) => ["--hypotheses", file("a", 1)],
      /a needs references to be scored against; pass them with --references/,
    ],
    [
      "a translation with sources only",
      (file) => ["--hypotheses", file("a", 1), file("b", 1)],
      /pass them with --references/,
    ],
    [
      "sources alone",
      (file) => [file("a.en", 1)],
      /names \S+a\.en without the file of its translations/,
    ],
    [
      "hypotheses with another number of lines",
      (file) => ["--hypotheses", file("a", 2), "--references", file("b", 3)],
      /\/a has 2 lines, but \S+\/b has 3; use files that correspond/,
    ],
    [
      "references with another number of lines",
      (file) => ["--hypotheses", file("a", 3), "--references", file("b", 3), file("c", 2)],
      /\/c has 2 lines, but \S+\/b has 3/,
    ],
    [
      "a baseline with another number of lines",
      (file) => [file("a.en", 3), file("b.de", 3), "--against", file("c", 2)],
      /\/c has 2 lines, but \S+a\.en and \S+b\.de has 3/,
    ],
    [
      "sources with another number of lines",
      (file) => [file("a.en", 2), "--references", file("b", 3)],
      /a\.en has 2 lines, but \S+\/b has 3/,
    ],
    [
      "empty references",
      (file) => ["--hypotheses", file("a", 0), "--references", file("b", 0)],
      /\/b is empty/,
    ],
    [
      "a value for a smoothing method without one",
      (file) => [file("a.en", 1), file("a.de", 1), "--smoothing-value", "1"],
      /exp takes no value/,
    ],
  ];
  test.each(cases)("%s", async (_, args, message) => {
    const file = (name: string, lines: number) => write(name, "a b\n".repeat(lines));
    const failure: Error = await evaluate(...args(file)).catch((thrown) => thrown);
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toContain("\n");
  });

  test.each(["--model", "--predictions", "--beam"])("--hypotheses with %s", async (flag) => {
    const files = ["--hypotheses", write("a", "a\n"), "--references", write("b", "b\n")];
    await expect(evaluate(...files, flag, "1")).rejects.toThrow("cannot be used with option");
  });
});
