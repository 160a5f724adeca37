import type { Chunks } from "./chunks.ts";
import { type Pieces, piecesFrom } from "./pieces.ts";

/** What occurs once says nothing about other texts. */
const leastCount = 2;
/**
 * What occurs less often than this is tried only where there would else be fewer than so many pieces for
 * each that is wanted: rare pieces are mostly whole clauses of scripts without spaces, learned by heart.
 */
const trustedCount = 8;
const seedsPerPiece = 3;
/** More are not tried, as they take memory and time; the rarest are left out. */
const maxSeeds = 1_000_000;

/** Substrings of one length that occur often enough. */
interface Level {
  /** By place of the text: which of them begins there; -1 for none. */
  readonly at: Int32Array;
  readonly counts: number[];
  /** Where each stands first. */
  readonly first: number[];
}

/**
 * The pieces to choose from: every character, and every substring of a word that occurs twice and is not
 * always followed by the same character, as it would never be needed beside the longer one (the inner
 * nodes of the suffix tree, from which Kudo 2018, section 3.2, takes seeds). Substrings are counted by
 * length: a longer one can only be frequent where the shorter one is.
 *
 * @param options.wanted how many pieces are to be chosen
 */
export function findSeeds(
  chunks: Chunks,
  { characters, maxLength, wanted }: { characters: number; maxLength: number; wanted: number },
): Pieces {
  const [first, lengths, counts] = [new GrowingInt32(), new GrowingInt32(), [] as number[]];
  const [places, pieces] = [new GrowingInt32(), new GrowingInt32()];
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
    for (const [place, id] of level.at.entries()) {
      const piece = id < 0 ? -1 : (numbers[id] ?? -1);
      if (piece < 0) continue;
      places.push(place);
      pieces.push(piece);
    }
    level = next;
  }
  const all = { first: first.view(), lengths: Uint8Array.from(lengths.view()), characters };
  const least = chooseLeast(counts, wanted);
  const kept = Uint8Array.from(counts, (count, piece) =>
    piece < characters || count >= least ? 1 : 0,
  );
  return piecesFrom(chunks, { ...all, places: places.view(), pieces: pieces.view(), kept, counts });
}

/** A character's number is its piece's, too, though it stand nowhere. */
function characterLevel({ symbols, counts }: Chunks, characters: number): Level {
  const sums = new Array<number>(characters).fill(0);
  const first = new Array<number>(characters).fill(0);
  for (let place = symbols.length - 1; place >= 0; place--) {
    const symbol = symbols[place] ?? 0;
    sums[symbol] = (sums[symbol] ?? 0) + (counts[place] ?? 0);
    first[symbol] = place;
  }
  return { at: symbols, counts: sums, first };
}

/** The substrings that are longer by one, and the greatest count among those that begin with each. */
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
  for (let place = 0; place < symbols.length; place++) {
    const parent = at[place] ?? -1;
    if (parent < 0 || (left[place] ?? 0) <= length) continue;
    // Its other part must be frequent as well.
    if ((at[place + 1] ?? -1) < 0 || (shorter[parent] ?? 0) < leastCount) continue;
    const key = parent * characters + (symbols[place + length] ?? 0);
    let number = numbers.get(key);
    if (number === undefined) {
      number = sums.push(0) - 1;
      numbers.set(key, number);
      parents.push(parent);
      first.push(place);
    }
    sums[number] = (sums[number] ?? 0) + (counts[place] ?? 0);
    found[place] = number;
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
  for (let place = 0; place < found.length; place++) {
    const number = found[place] ?? -1;
    if (number >= 0) found[place] = renumbered[number] ?? -1;
  }
  return { level: next, longest };
}

/** How often a piece must occur. */
function chooseLeast(counts: readonly number[], wanted: number): number {
  const sorted = Float64Array.from(counts).sort().reverse();
  const least = Math.max(sorted[maxSeeds] ?? 0, leastCount - 1) + 1;
  const enough = Math.min(sorted[seedsPerPiece * wanted] ?? 0, trustedCount);
  return Math.max(least, enough);
}

/** Whole numbers one after the other; takes a quarter of the memory of an array of numbers. */
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
