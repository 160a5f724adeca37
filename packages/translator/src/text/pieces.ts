/**
 * Cuts a text whose tokens are too many into pieces that have few enough: behind a sentence where one ends,
 * else behind a comma and the like, else behind a word, else anywhere, as far back as possible.
 *
 * @param fits whether a piece is short enough; one character always is taken for so
 * @returns the pieces without white space around them, in order
 */
export function cutText(text: string, fits: (piece: string) => boolean): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest !== "" && !fits(rest)) {
    const end = placeToCut(rest.slice(0, longestThatFits(rest, fits)));
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return rest === "" ? pieces : [...pieces, rest];
}

/** By bisection: a longer beginning has no fewer tokens, or hardly. */
function longestThatFits(text: string, fits: (piece: string) => boolean): number {
  let [low, high] = [1, text.length];
  // Most often a small part of a long text fits: its end is looked for near the beginning first.
  for (let guess = 256; guess < high; guess *= 2) {
    if (fits(text.slice(0, guess))) low = guess;
    else high = guess;
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(text.slice(0, middle))) low = middle;
    else high = middle;
  }
  return low;
}

const ends = [/[.!?。！？…]["'”’)\]]*\s*(?=\S|$)/gu, /[,;:、，；：–—]\s*/gu, /\s+/gu];

/** The end of the piece to cut from a beginning: never within a surrogate pair. */
function placeToCut(beginning: string): number {
  for (const pattern of ends) {
    const last = [...beginning.matchAll(pattern)].at(-1);
    const end = last === undefined ? 0 : last.index + last[0].length;
    if (end > beginning.length / 3) return end;
  }
  const splitsPair = /[\uD800-\uDBFF]$/.test(beginning) && beginning.length > 1;
  return splitsPair ? beginning.length - 1 : beginning.length;
}
