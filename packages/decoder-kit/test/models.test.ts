import { useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { makeSource, vocabularies } from "../src/index.ts";

useEngine();

test("sources depend on the seed, consist of words, and are padded after their length", () => {
  const rows = (seed: number) => makeSource([3, 1], seed, 9).tokens.arraySync();
  expect(rows(1)).toEqual(rows(1));
  expect(rows(1)).not.toEqual(rows(2));
  const [long = [], short = []] = rows(1);
  expect(short.slice(1)).toEqual([9, 9]);
  for (const token of [...long, short[0]]) {
    expect(token).toBeGreaterThan(3);
    expect(token).toBeLessThan(vocabularies.sourceVocabularySize);
  }
});
