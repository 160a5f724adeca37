import MiniSearch from "minisearch";
import { expect, it } from "vitest";
import { WordSearch } from "../src/faq/word-search.ts";

const texts = [
  "How do I book a table? Call us, or book online.",
  "What does a ticket cost? Tickets cost 10 euros, a ticket for children 5.",
  "Where can I park my car?",
  "Are dogs allowed?",
  "",
];

it("scores as BM25+ of a library does, also with typos and words that stand there twice", () => {
  const stems = new WordSearch(texts);
  const library = new MiniSearch({
    fields: ["text"],
    tokenize: (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [],
    searchOptions: { fuzzy: (term) => (known.has(term) ? false : 0.2) },
  });
  const known = new Set(["park", "car", "dog", "ticket", "cost", "allow"]);
  // These words are their own stems, and none of them is a function word.
  const plain = ["park car", "dog ticket cost", "ticket ticket cost", "car park car dog", ""];
  library.addAll(plain.map((text, id) => ({ id, text })));
  const ours = new WordSearch(plain);
  for (const query of ["car", "ticket cost ticket", "parc dog", "tikcet", "zebra", ""]) {
    const expected = new Float32Array(plain.length);
    for (const { id, score } of library.search(query)) expected[Number(id)] = score;
    const found = ours.scores(query);
    for (const [i, score] of expected.entries()) expect(found[i]).toBeCloseTo(score, 5);
  }
  expect([...stems.scores("booking tables")].map((score) => score > 0)).toEqual([
    ...[true, false, false, false, false],
  ]);
});

it("finds nothing among no texts", () => {
  expect(new WordSearch([]).scores("car")).toEqual(new Float32Array());
});
