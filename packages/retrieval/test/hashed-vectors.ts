import type { SentenceVectors } from "@attend/sentence-vectors";
import { wordsOf } from "../src/text/clean.ts";

const dimension = 64;

/** Vectors of words by their letters: texts with the same words are alike. For tests. */
export const hashedVectors: SentenceVectors = {
  name: "hashed",
  dimension,
  encode: async (texts) => texts.map(vectorOf),
  dispose: () => undefined,
};

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(dimension);
  for (const word of ["", ...wordsOf(text)]) {
    let hash = 7;
    for (const letter of word) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
    for (const shift of [0, 6, 12]) {
      const place = (hash >>> shift) % dimension;
      vector[place] = (vector[place] ?? 0) + 1;
    }
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
