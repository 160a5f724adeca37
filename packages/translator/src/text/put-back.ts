import type { Gap } from "./masked.ts";

/** A translation token by token, as the gaps are found in it. */
export interface Translated {
  /** What each token adds to the text. */
  readonly pieces: readonly string[];
  /** `[pieces][source tokens]`: what each token looked at; rows may be missing. */
  readonly attention: readonly ArrayLike<number>[];
  /** The language, where it writes no spaces between words. */
  readonly spaceless: string | undefined;
}

/** A gap in the source as the model read it. */
export interface PlacedGap extends Gap {
  /** How many of the source's tokens stand before it. */
  readonly tokensBefore: number;
  /** Whether no word stands after it. */
  readonly isLast: boolean;
}

/** How much less a source token counts for each further one between it and the gap. */
const decay = 0.5;

/**
 * Puts spans back into a translation: each between words, where the tokens before looked at what stood before it in
 * the source, and those after at what stood after it. Tags keep their order.
 */
export function putBack(translated: Translated, gaps: readonly PlacedGap[]): string {
  const { pieces, spaceless } = translated;
  const places = gaps.length === 0 ? [] : placesIn(translated);
  let lastTag = 0;
  const found = gaps.map((gap) => {
    const isTag = gap.span.kind === "tag";
    const at = bestPlace(translated, places, gap, isTag ? lastTag : 0);
    if (isTag) lastTag = at;
    return { gap, at };
  });
  found.sort((a, b) => a.at - b.at); // Stable: at one place in the order of the source.
  let [text, from] = ["", 0];
  let last: Gap | undefined;
  const add = (next: string) => {
    if (last === undefined) text += next;
    else if (!last.apart[1]) text += next.trimStart();
    else text += needsSpace(text, next, spaceless) ? ` ${next}` : next;
  };
  for (const { gap, at } of found) {
    add(pieces.slice(from, at).join(""));
    text = text.trimEnd();
    text += gap.apart[0] && needsSpace(text, gap.span.text, spaceless) ? " " : "";
    text += gap.span.text;
    [from, last] = [at, gap];
  }
  add(pieces.slice(from).join(""));
  return text;
}

function needsSpace(before: string, next: string, spaceless: string | undefined): boolean {
  if (before === "" || /[\s\p{Ps}\p{Pi}"'¿¡/-]$/u.test(before)) return false;
  if (/^[\s\p{Pe}\p{Pf}.,;:!?、。，．！？；：]/u.test(next)) return false;
  // Words in Latin letters do not run into one another, nor addresses into what follows them.
  return spaceless === undefined || /[a-z\d]$/i.test(before) || /^[a-z\d]/i.test(next);
}

/** How many pieces stand before each end of a word, the beginning among them. */
function placesIn({ pieces, spaceless }: Translated): number[] {
  const text = pieces.join("");
  const segmenter = new Intl.Segmenter(spaceless ?? "en", { granularity: "word" });
  const starts = new Set([...segmenter.segment(text)].map(({ index }) => index));
  const places = [0];
  let length = 0;
  for (const [i, piece] of pieces.entries()) {
    length += piece.length;
    if (length === text.length || (piece !== "" && starts.has(length))) places.push(i + 1);
  }
  return places;
}

function bestPlace(
  { pieces, attention }: Translated,
  places: readonly number[],
  { tokensBefore, isLast }: PlacedGap,
  least: number,
): number {
  if (isLast)
    return places.findLast((place) => /[\p{L}\p{N}]/u.test(pieces[place - 1] ?? "")) ?? least;
  const pull = attention.map((row) => {
    let sum = 0;
    // The last token is the end, which is looked at where nothing else is.
    for (let s = 0; s < row.length - 1; s++) {
      const distance = s < tokensBefore ? tokensBefore - 1 - s : s - tokensBefore;
      sum += (s < tokensBefore ? 1 : -1) * (row[s] ?? 0) * decay ** distance;
    }
    return sum;
  });
  let [best, bestSum, sum, at] = [least, Number.NEGATIVE_INFINITY, 0, 0];
  for (const place of places) {
    for (; at < place; at++) sum += pull[at] ?? 0;
    if (place < least || sum <= bestSum) continue;
    [best, bestSum] = [place, sum];
  }
  return best;
}
