import { setParameter } from "@attend/nn";
import { parseWordPiece, type WordPiece } from "@attend/text";
import { WordVectors } from "../src/word-vectors.ts";
import { flat } from "./principal.ts";

/** Pieces of the teacher's vocabulary that are kept: the commonest. */
const vocabularySize = 24_000;
/** Printable ASCII, which is what English needs. */
const english = /^[ -~]+$/;
const unused = /^\[unused\d+\]$/;

/** The teacher's tokenizer with the commonest pieces of English; the vocabulary is in the order of frequency. */
export function englishTokenizer(teacher: WordPiece): WordPiece {
  const json = teacher.toJSON();
  const kept = inOrder(teacher)
    .filter((piece) => english.test(piece) && !unused.test(piece))
    .slice(0, vocabularySize);
  const vocab = Object.fromEntries(kept.map((piece, id) => [piece, id]));
  return parseWordPiece({ ...json, model: { ...json.model, vocab } });
}

/** Pieces as texts, in the order of their ids. */
export function piecesOf(tokenizer: WordPiece): string[] {
  return inOrder(tokenizer).map((piece) => piece.replace(/^##/, ""));
}

function inOrder(tokenizer: WordPiece): string[] {
  const entries = Object.entries(tokenizer.toJSON().model.vocab);
  return entries.toSorted(([, a], [, b]) => a - b).map(([piece]) => piece);
}

/** A word's share in a text above which it counts less than half (Arora et al. 2017, 'Smooth inverse frequency'). */
const commonShare = 1e-3;

/** Word vectors that start as what the teacher makes of each piece alone, the shorter the more frequent it is. */
export function initialStudent(
  pieces: readonly Float32Array[],
  sentences: readonly (readonly number[])[],
  [start, end]: readonly [number, number],
): WordVectors {
  const counts = new Map<number, number>();
  let total = 0;
  for (const id of sentences.flat()) {
    counts.set(id, (counts.get(id) ?? 0) + 1);
    total++;
  }
  const rows = pieces.map((vector, id) => {
    const weight = commonShare / (commonShare + (counts.get(id) ?? 0) / total);
    return vector.map((value) => (id === start || id === end ? 0 : weight * value));
  });
  const network = new WordVectors(rows.length, rows[0]?.length ?? 0);
  setParameter(network.table.table, flat(rows));
  return network;
}
