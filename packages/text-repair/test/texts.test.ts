import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { describe, expect, it } from "vitest";
import { writeExamples } from "../src/tagger/examples.ts";
import { WordCounter } from "../src/tagger/learn-vocabulary.ts";
import { readTagged } from "../src/tagger/read-text.ts";
import { Vocabulary } from "../src/tagger/vocabulary.ts";
import { type TaggedWord, taggedSentences } from "../src/words/tagged.ts";
import { detokenizeBrown } from "../training/brown.ts";
import { cleanSpeech, yearOfSpeech } from "../training/speeches.ts";

async function* one<T>(item: T): AsyncGenerator<T> {
  yield item;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

it("reads paragraphs whose sentences go over several lines, and leaves out titles", async () => {
  const file = join(temporaryDirectory(), "text.txt");
  await writeFile(file, "Chapter One\n\nHe came\nhome. Was she\nthere?\n\nNo.\nA dog.\n\nThe End");
  const sentences = [];
  for await (const words of readTagged(file, "en"))
    sentences.push(words.map(({ key }) => key).join(" "));
  expect(sentences).toEqual(["he came home", "was she there", "no", "a dog"]);
});

describe("writeExamples", () => {
  it("begins each example with a sentence, and loses no word", async () => {
    const path = join(temporaryDirectory(), "examples.txt");
    const text = "One two three. Four five? Six, seven eight nine. ".repeat(8);
    const sentences = taggedSentences(text, "en");
    const file = await writeExamples(one(each(sentences)), path, 10);
    const all = await file.read([...Array(file.length).keys()]);
    const starts = new Set(all.map((example) => example[0]?.key));
    for (const start of starts) expect(["one", "four", "six"]).toContain(start);
    expect(Math.max(...all.map(({ length }) => length))).toBe(10);
    expect(all.at(-1)?.at(-1)).toEqual({ key: "nine", mark: "period", casing: "lower" });
    expect(all.flat().filter(({ mark }) => mark === "question").length).toBeGreaterThanOrEqual(8);
    expect((await readFile(path, "utf8")).split("\n")[0]).toMatch(
      /^one\/0- two\/00 three\/20 four\/0- /,
    );
    const [second] = await file.read([1]);
    expect(second).toEqual(all[1]);
  });

  it("cuts sentences that are longer than a window", async () => {
    const path = join(temporaryDirectory(), "examples.txt");
    const sentences = taggedSentences(`${"word ".repeat(50)}.`, "en");
    const file = await writeExamples(one(each(sentences)), path, 20);
    expect((await file.read([...Array(file.length).keys()])).flat().length).toBe(50);
  });

  it("says what is wrong", async () => {
    const nothing = one(each<TaggedWord[]>([]));
    const path = join(temporaryDirectory(), "examples.txt");
    await expect(writeExamples(nothing, path, 10)).rejects.toMatchObject({ code: "BAD_DATA" });
    const missing = join(temporaryDirectory(), "none", "examples.txt");
    const text = one(each(taggedSentences("A dog.", "en")));
    await expect(writeExamples(text, missing, 10)).rejects.toMatchObject({ code: "WRITE_FAILED" });
  });
});

it("learns words, names, forms and what follows", () => {
  const counter = new WordCounter();
  const text = "I saw old Mr. McDonald and Tom there once. ";
  for (const sentence of taggedSentences(text.repeat(5), "en")) counter.add(sentence);
  const known = counter.known(5, 2);
  expect(known.words).toEqual(["and", "i", "mcdonald", "mr", "old"]);
  expect(known.counts).toEqual([5, 5, 5, 5, 5]);
  expect(known.forms).toEqual({ mcdonald: "McDonald", mr: "Mr." });
  expect(known.names).toEqual(["tom"]);
  expect(known.followers[3]).toBe("3 5");
  const vocabulary = new Vocabulary({ ...known, edits: {} });
  expect([vocabulary.idOf("and"), vocabulary.idOf("tom"), vocabulary.size]).toEqual([1, 0, 6]);
});

it("names what is wrong in a vocabulary", () => {
  expect(() => Vocabulary.parse({ words: [1] }, "vocabulary.json")).toThrow(/vocabulary\.json/);
});

it("reads the Brown corpus as plain text", () => {
  const sample =
    "\n\n\tHe/pps said/vbd ,/, ``/`` Stop/vb !/. !/. ''/'' (/( did/dod not/* go/vb )/) ./.\n\n\n\tIt/pps 's/bez 3/4/cd ./.\n";
  expect(detokenizeBrown(sample)).toBe('He said, "Stop!" (did not go).\nIt \'s 3/4.');
});

it("reads speeches without titles, applause, other speakers and a style guide's capitals", () => {
  const speech = `<title="Address to the Nation">
<date="December 8, 1993">
THE PRESIDENT. My fellow Americans, our Nation thanks the Federal Government.

<Applause.> <Q: What did they say?>
At the United Nations&hellip; the Nation's best spoke of the Federal Reserve.`;
  expect(cleanSpeech(speech)).toBe(
    "My fellow Americans, our nation thanks the federal government.\nAt the United Nations  the nation's best spoke of the Federal Reserve.",
  );
  expect(yearOfSpeech(speech)).toBe(1993);
  expect(yearOfSpeech("Hello.")).toBe(0);
});
