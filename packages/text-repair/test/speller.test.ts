import { expect, it } from "vitest";
import { Draft } from "../src/draft.ts";
import { wordsInstead } from "../src/spelling/alternatives.ts";
import type { Dictionary } from "../src/spelling/dictionary.ts";
import { LanguageModel } from "../src/spelling/language-model.ts";
import { Speller } from "../src/spelling/speller.ts";
import { Vocabulary } from "../src/tagger/vocabulary.ts";
import { wordsOf } from "../src/words/words.ts";

const words = ["the", "a", "dog", "lot", "their", "house", "of"];
const vocabulary = new Vocabulary({
  words,
  counts: [1000, 900, 200, 100, 90, 80, 70],
  forms: {},
  names: ["katz"],
  // The dog, a lot, their house.
  followers: ["3 100", "4 50", "", "7 40", "6 60", "", ""],
  edits: {},
});
const dictionary: Dictionary = {
  knows: (word) => [...words, "extraordinary", "berlin"].includes(word.toLowerCase()),
  suggest: (word) => (word.startsWith("extr") ? ["extraordinary"] : []),
};
const speller = new Speller(dictionary, vocabulary);

function corrected(text: string, instead?: (index: number) => readonly string[]): string {
  const draft = new Draft(text);
  draft.apply(speller.correct(wordsOf({ text, start: 0 }), instead));
  return draft.text;
}

it.each([
  ["Teh dog", "The dog"],
  ["alot of dog", "a lot of dog"],
  ["thier house", "their house"],
  ["an extrordinary dog", "an extraordinary dog"],
])("corrects %s", (text, expected) => {
  expect(corrected(text)).toBe(expected);
});

it.each(["the dog", "Berlin", "katz", "the Dogg", "dogg2", "xylograph", "the dog_s", "THER", "ot"])(
  "leaves %s",
  (text) => {
    expect(corrected(text)).toBe(text);
  },
);

it("takes a word that another hypothesis has, if it is known", () => {
  const text = "the huzz";
  expect(corrected(text)).toBe(text);
  expect(corrected(text, (i) => (i === 1 ? ["house"] : []))).toBe("the house");
  expect(corrected(text, (i) => (i === 1 ? ["hauz"] : []))).toBe(text);
});

it("finds what hypotheses have instead", () => {
  const found = wordsInstead(
    ["the", "dog", "ran"],
    [
      ["dock", "ran"],
      ["the", "Dog", "and", "ran"],
    ],
  );
  expect([...found]).toEqual([[1, ["dock"]]]);
});

it("the language model's probabilities sum to about 1, and know what follows", () => {
  const model = new LanguageModel(vocabulary);
  const sum = words.reduce((total, word) => total + Math.exp(model.logProbability(word, "a")), 0);
  expect(sum).toBeGreaterThan(0.99);
  expect(sum).toBeLessThanOrEqual(1.001);
  expect(model.logProbability("lot", "a")).toBeGreaterThan(model.logProbability("lot", "the"));
  expect(model.logProbability("lot", "unheard")).toBe(model.logProbability("lot", undefined));
  expect(model.follows("lot", "a")).toBe(true);
  expect(model.follows("dog", "a")).toBe(false);
});
