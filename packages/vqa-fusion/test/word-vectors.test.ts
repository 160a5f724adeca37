import { ScaledEmbedding } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { setWordVectors } from "../src/index.ts";

useEngine();

const vectors = new Map([
  ["cat", [3, 4]],
  ["dog", [0, 15]],
]);
const vectorOf = (word: string) => vectors.get(word);

test("known words get their vectors, of mean length 1; the others keep theirs", async () => {
  const embedding = new ScaledEmbedding(4, 2, createRandom(1));
  const before = tf.clone(embedding.table);
  await expectNoLeak(() => {
    expect(setWordVectors(embedding, ["<pad>", "cat", "dog"], vectorOf)).toBe(2);
  });
  expectClose(tf.slice(embedding.table, [1, 0], [2, 2]), [
    [0.3, 0.4],
    [0, 1.5],
  ]);
  for (const row of [0, 3]) {
    expectClose(tf.slice(embedding.table, row, 1), tf.slice(before, row, 1), 0);
  }
});

test("no known word changes nothing", () => {
  const embedding = new ScaledEmbedding(2, 2, createRandom(1));
  const before = tf.clone(embedding.table);
  expect(setWordVectors(embedding, ["bird"], vectorOf)).toBe(0);
  expectClose(embedding.table, before, 0);
});

test("errors: vectors of another size, more words than rows", () => {
  const embedding = new ScaledEmbedding(2, 3, undefined);
  expect(() => setWordVectors(embedding, ["cat"], vectorOf)).toThrow(
    'the vector of "cat" has 2 numbers, the embedding 3; set embeddingSize to 2',
  );
  expect(() => setWordVectors(embedding, ["a", "b", "c"], vectorOf)).toThrow(
    "3 words for an embedding of 2 rows",
  );
});
