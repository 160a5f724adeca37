/**
 * Longer words (in scripts without spaces) are split into chunks of this many characters, so that the
 * probability of every path is above 0 without logarithms.
 */
const maxChunk = 32;

/** The words to learn from, as consecutive runs of character numbers. */
export interface Chunks {
  readonly symbols: Int32Array;
  /** By position, the number of positions from it to the end of its run, including itself. */
  readonly left: Uint8Array;
  /** By position, how often the run occurs. */
  readonly counts: Float64Array;
}

/**
 * @param words words with their counts
 * @param characters other characters split words
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
  // Sorted, so that rounding errors do not depend on the order of the texts.
  for (const [word, count] of [...words].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let begin = at;
    const close = () => {
      for (let position = begin; position < at; position++) left[position] = at - position;
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
