import type { Chunks } from "./chunks.ts";

/** Pieces, and where each stands in the text. The first of them are the characters. */
export interface Pieces {
  readonly count: number;
  readonly characters: number;
  /** By piece: a place where it stands, and how many characters it has. */
  readonly first: Int32Array;
  readonly lengths: Uint8Array;
  /** By piece: how often it occurs; after learning, how often it is expected to be used. */
  readonly weights: Float64Array;
  /** By place: where the list of the pieces that begin there begins in `edges`; one entry more at the end. */
  readonly starts: Int32Array;
  readonly edges: Int32Array;
}

/** What {@link piecesFrom} makes pieces of. */
interface Found {
  readonly characters: number;
  readonly first: Int32Array;
  readonly lengths: Uint8Array;
  readonly counts: ArrayLike<number>;
  /** Which piece stands at which place, in any order. */
  readonly places: Int32Array;
  readonly pieces: Int32Array;
  /** 1 for the pieces that are taken. */
  readonly kept: Uint8Array;
}

/** Puts places in order, and leaves out the pieces that are not kept. */
export function piecesFrom({ symbols }: Chunks, found: Found): Pieces {
  const { first, lengths, counts, places, pieces, kept, characters } = found;
  const starts = new Int32Array(symbols.length + 1);
  const isKept = (edge: number) => kept[pieces[edge] ?? 0] === 1;
  for (let edge = 0; edge < pieces.length; edge++) {
    if (isKept(edge)) count(starts, (places[edge] ?? 0) + 1);
  }
  for (let place = 0; place < symbols.length; place++) {
    starts[place + 1] = (starts[place + 1] ?? 0) + (starts[place] ?? 0);
  }
  const edges = new Int32Array(starts[symbols.length] ?? 0);
  const next = starts.slice();
  for (let edge = 0; edge < pieces.length; edge++) {
    if (isKept(edge)) edges[count(next, places[edge] ?? 0)] = pieces[edge] ?? 0;
  }
  const all = { characters, first, lengths, weights: Float64Array.from(counts), starts, edges };
  return keepPieces({ ...all, count: kept.length }, kept);
}

/** The pieces that are kept, numbered anew, and their places. Characters always are. */
export function keepPieces(from: Pieces, kept: Uint8Array): Pieces {
  const numbers = new Int32Array(from.count).fill(-1);
  let total = 0;
  for (let piece = 0; piece < from.count; piece++) if (kept[piece] === 1) numbers[piece] = total++;
  const isKept = (_: number, piece: number) => kept[piece] === 1;
  const starts = new Int32Array(from.starts.length);
  const edges = new Int32Array(from.edges.length);
  let length = 0;
  for (let place = 0; place + 1 < starts.length; place++) {
    starts[place] = length;
    for (let edge = from.starts[place] ?? 0; edge < (from.starts[place + 1] ?? 0); edge++) {
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

/** Adds 1, and gives what was there before. */
function count(counts: Int32Array, at: number): number {
  const before = counts[at] ?? 0;
  counts[at] = before + 1;
  return before;
}
