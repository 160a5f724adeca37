import { describe, expect, it } from "vitest";
import { casingOf } from "../src/words/casing.ts";
import { taggedSentences } from "../src/words/tagged.ts";
import { wordsOf } from "../src/words/words.ts";

describe("wordsOf", () => {
  it("finds words and the marks after them", () => {
    const words = wordsOf({ text: "Mr. Smith paid $3,500.50, didn't he?", start: 10 });
    expect(words.map(({ text, key, mark }) => [text, key, mark])).toEqual([
      ["Mr.", "mr", "none"],
      ["Smith", "smith", "none"],
      ["paid", "paid", "none"],
      ["3,500.50", "3,500.50", "comma"],
      ["didn't", "didn't", "none"],
      ["he", "he", "question"],
    ]);
    expect(words[0]).toMatchObject({ start: 10, end: 13, gap: " " });
  });

  it("keeps the periods of abbreviations, but not that of a sentence", () => {
    const words = wordsOf({ text: "At 5 p.m. the U.S. team--all of it--left.", start: 0 });
    expect(words.map(({ text }) => text).join("|")).toBe("At|5|p.m.|the|U.S.|team|all|of|it|left");
    expect(
      words.filter(({ mark }) => mark !== "none").map(({ text, mark }) => [text, mark]),
    ).toEqual([
      ["team", "comma"],
      ["it", "comma"],
      ["left", "period"],
    ]);
  });

  it("separates words without spaces, and finds none in marks alone", () => {
    expect(wordsOf({ text: "yes,she said…no", start: 0 }).map(({ text }) => text)).toEqual([
      "yes",
      "she",
      "said",
      "no",
    ]);
    expect(wordsOf({ text: "... -- !", start: 0 })).toEqual([]);
  });
});

describe("taggedSentences", () => {
  it("knows the casing only within a sentence", () => {
    const [first, second] = taggedSentences("We met Tom. Did old Mr. Lee ever call the BBC?", "en");
    expect(first?.map(({ casing, mark }) => [casing, mark])).toEqual([
      [undefined, "none"],
      ["lower", "none"],
      ["capitalized", "period"],
    ]);
    expect(second?.map(({ key, casing }) => [key, casing])).toEqual([
      ["did", undefined],
      ["old", "lower"],
      ["mr", "form"],
      ["lee", "capitalized"],
      ["ever", "lower"],
      ["call", "lower"],
      ["the", "lower"],
      ["bbc", "upper"],
    ]);
  });

  it("learns no casing from titles and texts without capitals", () => {
    for (const text of ["The Return Of The King Again.", "so he did it."]) {
      const casings = taggedSentences(text, "en")
        .flat()
        .map(({ casing }) => casing);
      expect(new Set(casings)).toEqual(new Set([undefined]));
    }
  });
});

it("casingOf tells forms", () => {
  expect(casingOf("iPhone", "iphone")).toBe("form");
  expect(casingOf("I’m", "i'm")).toBe("capitalized");
});
