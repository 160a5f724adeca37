import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { temporaryDirectory, useEngine } from "@attend/test-kit";
import { loadTranslator, type Translator } from "@attend/translator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { translate } from "./support/program.ts";

/** Inputs that once were translated wrongly, with the models that are shipped. */
useEngine();

const bicycle = "A man is riding a bicycle.";

// What is tested here computes nothing of its own: on wasm, which takes longer, one model does.
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

  test("both sentences of a line", async () => {
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
  ])("%j stays as it is", async (text) => {
    expect(await translator.translate(text)).toMatchObject({ text, confident: true });
  });

  test("what nobody sees changes nothing", async () => {
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

  test("capitals stay capitals, and small letters cost nothing", async () => {
    expect(await textOf(bicycle.toUpperCase())).toBe(plain.toLocaleUpperCase(to));
    expect(await textOf(bicycle.toLowerCase())).toBe(plain);
  });

  test.each([["• "], ["- "], ["1. "], ["<p>"], ["🚴 "]])("%j stays before it", async (before) => {
    expect(await textOf(before + bicycle)).toBe(before + plain);
  });

  test.each([
    ['"', '"'],
    ["“", "”"],
    ["(", ")"],
    ["«", "»"],
  ])("%s %s stay around it", async (open, close) => {
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
  ])("of %j %s comes through, once", async (text, span) => {
    const { text: translation, protected: spans } = await translator.translate(text);
    expect(translation.split(span)).toHaveLength(2);
    expect(spans.map((each) => each.text)).toEqual([span]);
  });

  test("tags stay in their order around their words", async () => {
    expect(await textOf("<b>Two dogs</b> play in the <i>snow</i>.")).toMatch(
      /^<b>.+<\/b>.*<i>.*<\/i>/,
    );
  });

  test("long sentences in capitals are as good as in small letters", async () => {
    const long = "A man in a blue shirt is standing on a ladder, cleaning a window of a big house.";
    expect(await textOf(long.toUpperCase())).toBe((await textOf(long)).toLocaleUpperCase(to));
  });

  test("does not loop", async () => {
    for (const text of ["dog ".repeat(40), "ha".repeat(60), "BUY NOW ".repeat(20)]) {
      const translation = await textOf(text);
      // No word, and no run of characters, four times on end.
      expect(translation).not.toMatch(/(?:^|\s)(\S+)(?:\s\1){3}(?:\s|$)/);
      expect(translation).not.toMatch(/(.{2,})\1{4}/);
    }
  });

  test("more of the best never change the first, and no two are alike", async () => {
    for (const nBest of [2, 5, 12]) {
      const { text, alternatives } = await translator.translate(`"${bicycle}"`, { nBest });
      expect(text).toBe(`"${plain}"`);
      expect(alternatives.length).toBeGreaterThan(1);
      expect(new Set(alternatives.map((each) => each.text)).size).toBe(alternatives.length);
    }
  });

  test("says where it does not know", async () => {
    const far = "Notwithstanding the foregoing, the licensee shall indemnify the licensor.";
    const near = to === "ja" ? "I like tea." : bicycle;
    const all = await translator.translateAll([far, near]);
    expect(all.map(({ confident }) => confident)).toEqual([false, true]);
  });
});

describe.skipIf(isWasm)("the program", () => {
  test("translates nothing where nothing is given, and does not wait", async () => {
    const { stdout, code } = await translate([""], { stdin: `${bicycle}\n` });
    expect([stdout, code]).toEqual(["\n", 0]);
  });

  test("takes a text that begins with a dash", async () => {
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

  test("--n-best tells line and rank; --json what came through and whether to rely on it", async () => {
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

  test("--about says what a model can do", async () => {
    const { stdout } = await translate(["--to", "ja", "--about"]);
    expect(stdout).toMatch(/^English to Japanese, .+\n$/);
  });

  test("words that the model cannot read are told, unless --quiet", async () => {
    const text = "A man says שלום to a woman.";
    expect((await translate([text])).stderr).toBe(
      "warning: line 1 has words that the model cannot read; they are left: שלום\n",
    );
    expect((await translate([text, "--quiet"])).stderr).toBe("");
  }, 600_000);

  test.each([
    [
      ["one.txt", "two.txt"],
      1,
      "2 files were given, but one is translated at a time; try: cat one.txt two.txt | attend-translate",
    ],
    [["on.txt"], 1, "on.txt does not exist; did you mean one.txt?"],
    [["folder"], 1, "folder is a folder; name a file in it"],
    [
      ["https://example.com/page"],
      1,
      "https://example.com/page is an address, and this program fetches nothing",
    ],
    [["evluate", "one.txt", "two.txt"], 2, "evaluate"],
    [["--n-best", "3", "--beam", "1", "A dog."], 1, "--n-best is 3, but --beam keeps 1"],
    [["--beem", "3", "A dog."], 2, "Did you mean --beam?"],
    [["--to", "english", "A dog."], 2, "use en for English"],
  ])("%j is told", async (args, code, message) => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "one.txt"), "A dog.\n");
    writeFileSync(join(cwd, "two.txt"), "A cat.\n");
    mkdirSync(join(cwd, "folder"));
    const outcome = await translate(args, { cwd });
    expect(outcome.stderr).toContain(message);
    expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
  });
});
