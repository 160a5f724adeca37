import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { temporaryDirectory, useEngine } from "@attend/test-kit";
import { loadTranslator, type Translator } from "@attend/translator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { translate } from "./support/program.ts";

/** Inputs that shipped models once translated wrongly. */
useEngine();

const bicycle = "A man is riding a bicycle.";

// These tests do not depend on the engine; on wasm, which is slower, one model is enough.
const isWasm = process.env["ATTEND_ENGINE"] === "wasm";

describe.each(isWasm ? ["de"] : ["de", "fr", "ja"])("English to %s", (to) => {
  let translator: Translator;
  let plain: string;
  beforeAll(async () => {
    translator = await loadTranslator({ from: "en", to });
    plain = (await translator.translate(bicycle)).text;
  });
  afterAll(() => translator.close());
  const textOf = async (text: string) => (await translator.translate(text)).text;

  test("translates both sentences on a line", async () => {
    const dogs = await textOf("Two dogs play in the snow.");
    const space = to === "ja" ? "" : " ";
    expect(await textOf(`${bicycle} Two dogs play in the snow.`)).toBe(plain + space + dogs);
    expect(await textOf(`${bicycle}Two dogs play in the snow.`)).toBe(plain + space + dogs);
    expect(await textOf(`"${bicycle} Two dogs play in the snow."`)).toBe(
      `"${plain + space + dogs}"`,
    );
  });

  test.each([
    "1",
    "102",
    "10:30",
    "+1 555 123 4567",
    ".",
    "---",
    "-",
    "...",
    "?!",
    "🐕",
    "👨‍👩‍👧 🎉",
    "שלום",
  ])("leaves %j as it is", async (text) => {
    expect(await translator.translate(text)).toMatchObject({ text, confident: true });
  });

  test("ignores invisible characters", async () => {
    for (const text of [
      `${bicycle}\u200b`,
      "A man is rid\u00ading a bicycle.",
      `\u200e${bicycle}`,
      `\ufeff${bicycle}`,
      "A man\u2028is riding a bicycle.",
      "A man\tis riding\u00a0a bicycle.",
    ]) {
      expect(await textOf(text)).toBe(plain);
    }
  });

  test("keeps capitals, and handles lowercase", async () => {
    expect(await textOf(bicycle.toUpperCase())).toBe(plain.toLocaleUpperCase(to));
    expect(await textOf(bicycle.toLowerCase())).toBe(plain);
  });

  test.each([["• "], ["- "], ["1. "], ["<p>"], ["🚴 "]])(
    "keeps %j at the start",
    async (before) => {
      expect(await textOf(before + bicycle)).toBe(before + plain);
    },
  );

  test.each([
    ['"', '"'],
    ["“", "”"],
    ["(", ")"],
    ["«", "»"],
  ])("keeps %s %s around the sentence", async (open, close) => {
    expect(await textOf(open + bicycle + close)).toBe(open + plain + close);
  });

  test.each([
    ["Two dogs 🐕 play.", "🐕"],
    ["A man is riding a bicycle 🚴.", "🚴"],
    ["A man says שלום to a woman.", "שלום"],
    ["A man shows https://example.com/a?b=1 to a woman.", "https://example.com/a?b=1"],
    ["A man writes to bob@example.org in the park.", "bob@example.org"],
    ["A man with {name} is riding a bicycle.", "{name}"],
    ["A man in 東京 is riding a bicycle.", "東京"],
    ["A man reads https://example.com/a_(b) in the park.", "https://example.com/a_(b)"],
    [
      "A man with {n, plural, one {# dog} other {# dogs}} sings.",
      "{n, plural, one {# dog} other {# dogs}}",
    ],
    ["A man with %1$s is riding a bicycle.", "%1$s"],
    ["A man looks at photo.jpg in the park.", "photo.jpg"],
    ["A man with 17 dogs is riding a bicycle.", "17"],
    ["At 10:30 a man is riding a bicycle.", "10:30"],
    ["A man calls 555-123-4567 in the park.", "555-123-4567"],
  ])("passes through from %j: %s", async (text, span) => {
    const { text: translation, protected: spans } = await translator.translate(text);
    expect(translation.split(span)).toHaveLength(2);
    expect(spans.map((each) => each.text)).toEqual([span]);
  });

  test("keeps tags in order around their words", async () => {
    expect(await textOf("<b>Two dogs</b> play in the <i>snow</i>.")).toMatch(
      /^<b>.+<\/b>.*<i>.*<\/i>/,
    );
  });

  test("translates long sentences in capitals as well as in lowercase", async () => {
    const long = "A man in a blue shirt is standing on a ladder, cleaning a window of a big house.";
    expect(await textOf(long.toUpperCase())).toBe((await textOf(long)).toLocaleUpperCase(to));
  });

  test("does not loop", async () => {
    for (const text of ["dog ".repeat(40), "ha".repeat(60), "BUY NOW ".repeat(20)]) {
      const translation = await textOf(text);
      // No word, and no sequence of characters, four times in a row.
      expect(translation).not.toMatch(/(?:^|\s)(\S+)(?:\s\1){3}(?:\s|$)/);
      expect(translation).not.toMatch(/(.{2,})\1{4}/);
    }
  });

  test("n-best does not change the first translation, and all differ", async () => {
    for (const nBest of [2, 5, 12]) {
      const { text, alternatives } = await translator.translate(`"${bicycle}"`, { nBest });
      expect(text).toBe(`"${plain}"`);
      expect(alternatives.length).toBeGreaterThan(1);
      expect(new Set(alternatives.map((each) => each.text)).size).toBe(alternatives.length);
    }
  });

  test("reports low confidence", async () => {
    const far = "Notwithstanding the foregoing, the licensee shall indemnify the licensor.";
    const near = to === "ja" ? "I like tea." : bicycle;
    const all = await translator.translateAll([far, near]);
    expect(all.map(({ confident }) => confident)).toEqual([false, true]);
  });
});

describe.skipIf(isWasm)("the program", () => {
  test("translates an empty text without waiting for stdin", async () => {
    const { stdout, code } = await translate([""], { stdin: `${bicycle}\n` });
    expect([stdout, code]).toEqual(["\n", 0]);
  });

  test("accepts text that starts with a dash", async () => {
    const { stdout, code } = await translate(["- Two dogs play.", "--quiet"]);
    expect(stdout).toMatch(/^- \S/);
    expect(code).toBe(0);
  });

  test("reads gzip and UTF-16 from files and stdin", async () => {
    const folder = temporaryDirectory();
    const { stdout } = await translate(["Two dogs play."]);
    const zipped = gzipSync("Two dogs play.\n");
    expect((await translate([], { stdin: zipped })).stdout).toBe(stdout);
    const wide = join(folder, "wide.txt");
    writeFileSync(wide, Buffer.from("\ufeffTwo dogs play.\r\n", "utf16le"));
    expect((await translate([wide])).stdout).toBe(stdout);
  }, 600_000);

  test("--n-best prints line and rank; --json prints protected spans and confidence", async () => {
    const lines = { stdin: `${bicycle}\n\n🐕\nTwo dogs play.\n` };
    const { stdout } = await translate(["--n-best", "2"], lines);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t").slice(0, 2).join()),
    ).toEqual([...["1,1", "1,2", "2,1", "3,1", "4,1", "4,2"]]);
    const json = await translate(["--json"], lines);
    const rows = json.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(4);
    expect(rows[2]).toMatchObject({
      text: "🐕",
      confident: true,
      protected: [{ text: "🐕", kind: "sign" }],
    });
  }, 600_000);

  test("--about prints what a model can do", async () => {
    const { stdout } = await translate(["--to", "ja", "--about"]);
    expect(stdout).toMatch(/^English to Japanese, .+\n$/);
  });

  test("reports words that the model cannot read, except with --quiet", async () => {
    const text = "A man says שלום to a woman.";
    expect((await translate([text])).stderr).toBe(
      "warning: line 1 has words that the model cannot read, which are left as they are: שלום\n",
    );
    expect((await translate([text, "--quiet"])).stderr).toBe("");
  }, 600_000);

  test.each([
    [
      ["one.txt", "two.txt"],
      1,
      "2 files were given, but only one can be translated at a time; try: cat one.txt two.txt | attend-translate",
    ],
    [["on.txt"], 1, "on.txt does not exist; did you mean one.txt?"],
    [["folder"], 1, "folder is a folder; use a file in it"],
    [
      ["https://example.com/page"],
      1,
      "https://example.com/page is an address, but this program does not download",
    ],
    [["evluate", "one.txt", "two.txt"], 2, "evaluate"],
    [["--n-best", "3", "--beam", "1", "A dog."], 1, "--n-best is 3, but --beam is 1"],
    [["--beem", "3", "A dog."], 2, "Did you mean --beam?"],
    [["--to", "english", "A dog."], 2, "use en for English"],
  ])("reports %j", async (args, code, message) => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "one.txt"), "A dog.\n");
    writeFileSync(join(cwd, "two.txt"), "A cat.\n");
    mkdirSync(join(cwd, "folder"));
    const outcome = await translate(args, { cwd });
    expect(outcome.stderr).toContain(message);
    expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
  });
});
