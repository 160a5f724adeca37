import type { Chunks } from "./chunks.ts";
import { bestUse, bestWay } from "./expectation.ts";
import { keepPieces, type Pieces } from "./pieces.ts";

/**
 * Leaves out the pieces without which the text becomes the least unlikely, until `size` are left (Kudo
 * 2018, section 3.2): a piece's loss is what the logarithm of the text's likelihood loses where each of
 * its uses is written by the best other pieces. Characters stay.
 */
export function prune(
  chunks: Chunks,
  pieces: Pieces,
  { scores, size }: { scores: Float64Array; size: number },
): Pieces {
  const used = bestUse(chunks, pieces, scores);
  const total = used.reduce((sum, count) => sum + count, 0);
  const losses = used.map((count, piece) => {
    if (piece < pieces.characters) return Number.POSITIVE_INFINITY;
    const place = { begin: pieces.first[piece] ?? 0, length: pieces.lengths[piece] ?? 0 };
    const others = bestWay(pieces, scores, { ...place, without: piece });
    // Its uses are then uses of these, and there are more uses in all.
    const totalWithout = total + count * (others.length - 1);
    let loss = Math.log(count / total);
    for (const other of others) loss -= Math.log(((used[other] ?? 0) + count) / totalWithout);
    return count === 0 ? 0 : count * loss;
  });
  return keepMost(pieces, losses, size);
}

/** Keeps the characters and, of the others, those of the greatest worth, `size` in all. */
export function keepMost(pieces: Pieces, worth: Float64Array, size: number): Pieces {
  const kept = new Uint8Array(pieces.count).fill(1, 0, pieces.characters);
  const others = [...worth.keys()].slice(pieces.characters);
  // As worthy: those that occur more often, then those that were found first.
  others.sort(
    (a, b) =>
      (worth[b] ?? 0) - (worth[a] ?? 0) ||
      (pieces.weights[b] ?? 0) - (pieces.weights[a] ?? 0) ||
      a - b,
  );
  for (const piece of others.slice(0, Math.max(size - pieces.characters, 0))) kept[piece] = 1;
  return keepPieces(pieces, kept);
}
