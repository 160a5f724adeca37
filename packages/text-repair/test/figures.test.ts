import { describe, expect, it } from "vitest";
import { Draft } from "../src/draft.ts";
import { figureEdits } from "../src/numbers/figures.ts";
import { writeFigures } from "../src/numbers/write-figures.ts";
import { wordsOf } from "../src/words/words.ts";

function inFigures(text: string, language: string): string {
  const draft = new Draft(text);
  draft.apply(figureEdits(wordsOf({ text, start: 0 }), language));
  return draft.text;
}

describe("figureEdits", () => {
  it.each([
    ["twenty five people", "25 people"],
    ["in nineteen eighty four", "in 1984"],
    ["in nineteen oh five", "in 1905"],
    ["in fourteen sixty five", "in 1465"],
    ["in twenty nineteen", "in 2019"],
    ["nineteen hundred", "1900"],
    ["three hundred and two dollars", "302 dollars"],
    ["two thousand five hundred", "2500"],
    ["one hundred twenty-five thousand", "125,000"],
    ["five million euros", "5 million euros"],
    ["three point one four", "3.14"],
    ["zero point five", "0.5"],
    ["two point five million", "2.5 million"],
    ["the twenty first of may", "the 21st of may"],
    ["on july twenty third", "on july 23rd"],
    ["five percent", "5 percent"],
    ["thirty two, forty five", "32, 45"],
  ])("English: %s", (text, expected) => {
    expect(inFigures(text, "en")).toBe(expected);
  });

  it.each([
    "two men and a dog",
    "ten people",
    "one or two",
    "one two three",
    "a hundred",
    "twenty-five people",
    "seventy first graders",
    "twenty, five",
    "the point is",
  ])("leaves %s", (text) => {
    expect(inFigures(text, "en")).toBe(text);
  });

  it.each([
    ["fünfundzwanzig Leute", "25 Leute"],
    ["neunzehnhundertvierundachtzig", "1984"],
    ["zweitausendeinundzwanzig", "2021"],
    ["einhundertfünfzigtausend", "150.000"],
    ["zwanzig Leute und zwei Hunde", "zwanzig Leute und zwei Hunde"],
    ["hundert", "hundert"],
    ["der Hund", "der Hund"],
  ])("German: %s", (text, expected) => {
    expect(inFigures(text, "de")).toBe(expected);
  });

  it.each([
    ["vingt cinq personnes", "25 personnes"],
    ["soixante et onze", "71"],
    ["quatre vingt dix neuf", "99"],
    ["mille neuf cent quatre vingt quatre", "1984"],
    ["deux cents euros", "200 euros"],
    ["un chien et deux chats", "un chien et deux chats"],
    ["vingt-cinq personnes", "vingt-cinq personnes"],
  ])("French: %s", (text, expected) => {
    expect(inFigures(text, "fr")).toBe(expected);
  });

  it("does nothing in other languages", () => {
    expect(inFigures("twenty five", "ja")).toBe("twenty five");
  });
});

describe("writeFigures writes every number", () => {
  it.each([
    ["en", "In the fifteenth century. One or two years.", "In the 15th century. 1 or 2 years."],
    ["en", "first, second, third, twelfth, thirteenth", "1st, 2nd, 3rd, 12th, 13th"],
    ["en", "twentieth, a twenty first, ninety fifth", "20th, a 21st, 95th"],
    ["en", "nineteen eighty four", "1984"],
    ["de", "zwanzig Leute, zwei Katzen, ein Hund", "20 Leute, 2 Katzen, ein Hund"],
    ["fr", "deux chats, vingt-cinq ans, un chien", "2 chats, vingt-cinq ans, un chien"],
  ])("%s: %s", (language, text, expected) => {
    expect(writeFigures(text, language)).toBe(expected);
  });
});
