import type { Chunks } from "./chunks.ts";

/** Pieces and their positions in the text. The first ones are the characters. */
export interface Pieces {
  readonly count: number;
  readonly characters: number;
  /** By piece, its first position and its number of characters. */
  readonly first: Int32Array;
  readonly lengths: Uint8Array;
  /** By piece, its count; after an EM step, its expected count. */
  readonly weights: Float64Array;
  /** By position, where the list of pieces that begin there starts in `edges`; plus the end of the last. */
  readonly starts: Int32Array;
  readonly edges: Int32Array;
}

/** The input of {@link piecesFrom}. */
interface Found {
  readonly characters: number;
  readonly first: Int32Array;
  readonly lengths: Uint8Array;
  readonly counts: ArrayLike<number>;
  /** Positions and the pieces there, in any order. */
  readonly positions: Int32Array;
  readonly pieces: Int32Array;
  /** 1 for the pieces to keep. */
  readonly kept: Uint8Array;
}

/** Sorts pieces by position, and drops those that are not kept. */
export function piecesFrom({ symbols }: Chunks, found: Found): Pieces {
  const { first, lengths, counts, positions, pieces, kept, characters } = found;
  const starts = new Int32Array(symbols.length + 1);
  const isKept = (edge: number) => kept[pieces[edge] ?? 0] === 1;
  for (let edge = 0; edge < pieces.length; edge++) {
    if (isKept(edge)) count(starts, (positions[edge] ?? 0) + 1);
  }
  for (let position = 0; position < symbols.length; position++) {
    starts[position + 1] = (starts[position + 1] ?? 0) + (starts[position] ?? 0);
  }
  const edges = new Int32Array(starts[symbols.length] ?? 0);
  const next = starts.slice();
  for (let edge = 0; edge < pieces.length; edge++) {
    if (isKept(edge)) edges[count(next, positions[edge] ?? 0)] = pieces[edge] ?? 0;
  }
  const all = { characters, first, lengths, weights: Float64Array.from(counts), starts, edges };
  return keepPieces({ ...all, count: kept.length }, kept);
}

/** The kept pieces, renumbered, and their positions. Characters must be kept. */
export function keepPieces(from: Pieces, kept: Uint8Array): Pieces {
  const numbers = new Int32Array(from.count).fill(-1);
  let total = 0;
  for (let piece = 0; piece < from.count; piece++) if (kept[piece] === 1) numbers[piece] = total++;
  const isKept = (_: number, piece: number) => kept[piece] === 1;
  const starts = new Int32Array(from.starts.length);
  const edges = new Int32Array(from.edges.length);
  let length = 0;
  for (let position = 0; position + 1 < starts.length; position++) {
    starts[position] = length;
    const end = from.starts[position + 1] ?? 0;
    for (let edge = from.starts[position] ?? 0; edge < end; edge++) {
      const number = numbers[from.edges[edge] ?? 0] ?? -1;
      if (number >= 0) edges[length++] = number;
    }
  }
  starts[starts.length - 1] = length;
  return {
    count: total,
    characters: from.characters,
    first: from.first.filter(isKept),
    lengths: from.lengths.filter(isKept),
    weights: from.weights.filter(isKept),
    starts,
    edges: edges.slice(0, length),
  };
}

/** Adds 1, and returns the previous value. */
function count(counts: Int32Array, at: number): number {
  const before = counts[at] ?? 0;
  counts[at] = before + 1;
  return before;
}
