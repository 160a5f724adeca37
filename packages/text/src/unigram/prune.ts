import type { Chunks } from "./chunks.ts";
import { bestCounts, bestPath } from "./expectation.ts";
import { keepPieces, type Pieces } from "./pieces.ts";

/**
 * Drops the pieces with the smallest loss, until `size` are left (Kudo 2018, section 3.2): a piece's loss is
 * the decrease of the text's log-likelihood if each of its uses is replaced by the best other pieces.
 * Characters are kept.
 */
export function prune(
  chunks: Chunks,
  pieces: Pieces,
  { scores, size }: { scores: Float64Array; size: number },
): Pieces {
  const used = bestCounts(chunks, pieces, scores);
  const total = used.reduce((sum, count) => sum + count, 0);
  const losses = used.map((count, piece) => {
    if (piece < pieces.characters) return Number.POSITIVE_INFINITY;
    const range = { begin: pieces.first[piece] ?? 0, length: pieces.lengths[piece] ?? 0 };
    const others = bestPath(pieces, scores, { ...range, without: piece });
    // These would get its count, which increases the total.
    const totalWithout = total + count * (others.length - 1);
    let loss = Math.log(count / total);
    for (const other of others) loss -= Math.log(((used[other] ?? 0) + count) / totalWithout);
    return count === 0 ? 0 : count * loss;
  });
  return keepMost(pieces, losses, size);
}

/** Keeps the characters and the other pieces with the highest `value`, `size` in total. */
export function keepMost(pieces: Pieces, value: Float64Array, size: number): Pieces {
  const kept = new Uint8Array(pieces.count).fill(1, 0, pieces.characters);
  const others = [...value.keys()].slice(pieces.characters);
  // Ties: the more frequent first, then those found first.
  others.sort(
    (a, b) =>
      (value[b] ?? 0) - (value[a] ?? 0) ||
      (pieces.weights[b] ?? 0) - (pieces.weights[a] ?? 0) ||
      a - b,
  );
  for (const piece of others.slice(0, Math.max(size - pieces.characters, 0))) kept[piece] = 1;
  return keepPieces(pieces, kept);
}
