import type { Chunks } from "./chunks.ts";
import { type Pieces, piecesFrom } from "./pieces.ts";

/** A piece that occurs once says nothing about other texts. */
const leastCount = 2;
/**
 * Rarer pieces are used only if there are otherwise fewer than `seedsPerPiece` seeds per requested piece:
 * they are mostly complete clauses of scripts without spaces.
 */
const trustedCount = 8;
const seedsPerPiece = 3;
/** Limits memory and time; the rarest are dropped. */
const maxSeeds = 1_000_000;

/** Substrings of one length that occur often enough. */
interface Level {
  /** By position in the text, the substring that begins there; -1 for none. */
  readonly at: Int32Array;
  readonly counts: number[];
  /** The first position of each. */
  readonly first: number[];
}

/**
 * The pieces to choose from: every character, and every substring of a word that occurs twice and is not
 * always followed by the same character, because it would never be used instead of the longer one (the
 * inner nodes of the suffix tree, the seeds of Kudo 2018, section 3.2). Substrings are counted by length: a
 * longer one can only be frequent if the shorter one is.
 *
 * @param options.wanted the number of pieces to be chosen
 */
export function findSeeds(
  chunks: Chunks,
  { characters, maxLength, wanted }: { characters: number; maxLength: number; wanted: number },
): Pieces {
  const [first, lengths, counts] = [new GrowingInt32(), new GrowingInt32(), [] as number[]];
  const [positions, pieces] = [new GrowingInt32(), new GrowingInt32()];
  let level = characterLevel(chunks, characters);
  for (let length = 1; level.counts.length > 0; length++) {
    const { level: next, longest } =
      length < maxLength
        ? extend(chunks, level, { length, characters })
        : { level: { at: level.at, counts: [], first: [] }, longest: [] };
    const numbers = level.counts.map((count, id) => {
      if (length > 1 && longest[id] === count) return -1;
      first.push(level.first[id] ?? 0);
      lengths.push(length);
      return counts.push(count) - 1;
    });
    for (const [position, id] of level.at.entries()) {
      const piece = id < 0 ? -1 : (numbers[id] ?? -1);
      if (piece < 0) continue;
      positions.push(position);
      pieces.push(piece);
    }
    level = next;
  }
  const all = { first: first.view(), lengths: Uint8Array.from(lengths.view()), characters };
  const least = chooseLeast(counts, wanted);
  const kept = Uint8Array.from(counts, (count, piece) =>
    piece < characters || count >= least ? 1 : 0,
  );
  const found = { ...all, positions: positions.view(), pieces: pieces.view(), kept, counts };
  return piecesFrom(chunks, found);
}

/** The number of a character is also that of its piece, even if it does not occur. */
function characterLevel({ symbols, counts }: Chunks, characters: number): Level {
  const sums = new Array<number>(characters).fill(0);
  const first = new Array<number>(characters).fill(0);
  for (let position = symbols.length - 1; position >= 0; position--) {
    const symbol = symbols[position] ?? 0;
    sums[symbol] = (sums[symbol] ?? 0) + (counts[position] ?? 0);
    first[symbol] = position;
  }
  return { at: symbols, counts: sums, first };
}

/** Substrings that are longer by one, and for each shorter one, the highest count of its extensions. */
function extend(
  { symbols, left, counts }: Chunks,
  { at, counts: shorter }: Level,
  { length, characters }: { length: number; characters: number },
): { level: Level; longest: number[] } {
  const numbers = new Map<number, number>();
  const sums: number[] = [];
  const parents: number[] = [];
  const first: number[] = [];
  const found = new Int32Array(symbols.length).fill(-1);
  for (let position = 0; position < symbols.length; position++) {
    const parent = at[position] ?? -1;
    if (parent < 0 || (left[position] ?? 0) <= length) continue;
    // The substring without its first character must also be frequent.
    if ((at[position + 1] ?? -1) < 0 || (shorter[parent] ?? 0) < leastCount) continue;
    const key = parent * characters + (symbols[position + length] ?? 0);
    let number = numbers.get(key);
    if (number === undefined) {
      number = sums.push(0) - 1;
      numbers.set(key, number);
      parents.push(parent);
      first.push(position);
    }
    sums[number] = (sums[number] ?? 0) + (counts[position] ?? 0);
    found[position] = number;
  }
  const longest = new Array<number>(shorter.length).fill(0);
  const next: Level = { at: found, counts: [], first: [] };
  const renumbered = sums.map((sum, number) => {
    const parent = parents[number] ?? 0;
    longest[parent] = Math.max(longest[parent] ?? 0, sum);
    if (sum < leastCount) return -1;
    next.first.push(first[number] ?? 0);
    return next.counts.push(sum) - 1;
  });
  for (let position = 0; position < found.length; position++) {
    const number = found[position] ?? -1;
    if (number >= 0) found[position] = renumbered[number] ?? -1;
  }
  return { level: next, longest };
}

/** The minimum count of a piece. */
function chooseLeast(counts: readonly number[], wanted: number): number {
  const sorted = Float64Array.from(counts).sort().reverse();
  const least = Math.max(sorted[maxSeeds] ?? 0, leastCount - 1) + 1;
  const enough = Math.min(sorted[seedsPerPiece * wanted] ?? 0, trustedCount);
  return Math.max(least, enough);
}

/** A growing list of integers that takes a quarter of the memory of a plain array. */
class GrowingInt32 {
  #values = new Int32Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  view(): Int32Array {
    return this.#values.subarray(0, this.#length);
  }
}
