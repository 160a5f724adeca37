/**
 * Longer words (texts of scripts without spaces) are learned from in parts of so many characters: then the
 * probability of every way through one is a number above 0, and needs no logarithm.
 */
const maxChunk = 32;

/** The words to learn from, as runs of character numbers, one after the other. */
export interface Chunks {
  readonly symbols: Int32Array;
  /** By place: how many places there are from it to its run's end, itself included. */
  readonly left: Uint8Array;
  /** By place: how often the run occurs. */
  readonly counts: Float64Array;
}

/**
 * @param words each with its count
 * @param characters others part what is before them from what is after them
 */
export function chunksOf(
  words: ReadonlyMap<string, number>,
  characters: readonly string[],
): Chunks {
  const ids = new Map(characters.map((character, id) => [character, id]));
  let room = 0;
  for (const word of words.keys()) room += word.length;
  const symbols = new Int32Array(room);
  const left = new Uint8Array(room);
  const counts = new Float64Array(room);
  let at = 0;
  // In the order of their code units: sums of fractions depend on it, and so the order of the texts would.
  for (const [word, count] of [...words].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let begin = at;
    const close = () => {
      for (let place = begin; place < at; place++) left[place] = at - place;
      begin = at;
    };
    for (const character of word) {
      const id = ids.get(character);
      if (id === undefined || at - begin === maxChunk) close();
      if (id === undefined) continue;
      symbols[at] = id;
      counts[at++] = count;
    }
    close();
  }
  return {
    symbols: symbols.subarray(0, at),
    left: left.subarray(0, at),
    counts: counts.subarray(0, at),
  };
}
