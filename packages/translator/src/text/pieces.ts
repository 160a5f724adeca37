/**
 * Cuts a text that is too long for the model into pieces that fit: after a sentence, or else after a
 * comma or similar, or else after a word, or else anywhere; pieces are as long as possible.
 *
 * @param fits whether a piece is short enough; a single character is assumed to be
 * @returns the trimmed pieces, in order
 */
export function cutText(text: string, fits: (piece: string) => boolean): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest !== "" && !fits(rest)) {
    const end = cutPosition(rest.slice(0, longestThatFits(rest, fits)));
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return rest === "" ? pieces : [...pieces, rest];
}

/** By bisection: a longer prefix almost never has fewer tokens. */
function longestThatFits(text: string, fits: (piece: string) => boolean): number {
  let [low, high] = [1, text.length];
  // Usually only a small part of a long text fits, so short prefixes are tried first.
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

/** The best position to cut a prefix, never within a surrogate pair. */
function cutPosition(prefix: string): number {
  for (const pattern of ends) {
    const last = [...prefix.matchAll(pattern)].at(-1);
    const end = last === undefined ? 0 : last.index + last[0].length;
    if (end > prefix.length / 3) return end;
  }
  const splitsPair = /[\uD800-\uDBFF]$/.test(prefix) && prefix.length > 1;
  return splitsPair ? prefix.length - 1 : prefix.length;
}
