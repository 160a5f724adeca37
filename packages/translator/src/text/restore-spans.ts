import type { Gap } from "./masked.ts";

/** A translation, token by token. */
export interface TranslatedTokens {
  /** The text of each token. */
  readonly pieces: readonly string[];
  /** `[pieces][source tokens]`: the attention of each token; rows may be missing. */
  readonly attention: readonly ArrayLike<number>[];
  /** The language, if it does not write spaces between words. */
  readonly spaceless: string | undefined;
}

/** A gap and its position among the tokens of the source. */
export interface SourceGap extends Gap {
  /** The number of source tokens before it. */
  readonly tokensBefore: number;
  /** Whether no word follows it. */
  readonly isLast: boolean;
}

/** Factor per token of distance between a source token and the gap. */
const decay = 0.5;

/**
 * Inserts spans into a translation, each between words, such that the tokens before it attend to the
 * source before the span, and those after it to the source after the span. Tags keep their order.
 */
export function restoreSpans(translated: TranslatedTokens, gaps: readonly SourceGap[]): string {
  const { pieces, spaceless } = translated;
  const boundaries = gaps.length === 0 ? [] : wordBoundaries(translated);
  let lastTag = 0;
  const insertions = gaps.map((gap) => {
    const isTag = gap.span.kind === "tag";
    const at = bestPosition(translated, boundaries, gap, isTag ? lastTag : 0);
    if (isTag) lastTag = at;
    return { gap, at };
  });
  insertions.sort((a, b) => a.at - b.at); // Stable: keeps the order of the source at equal positions.
  let [text, from] = ["", 0];
  let last: Gap | undefined;
  const add = (next: string) => {
    if (last === undefined) text += next;
    else if (!last.apart[1]) text += next.trimStart();
    else text += needsSpace(text, next, spaceless) ? ` ${next}` : next;
  };
  for (const { gap, at } of insertions) {
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
  // Latin words, numbers and addresses need a space even in these languages.
  return spaceless === undefined || /[a-z\d]$/i.test(before) || /^[a-z\d]/i.test(next);
}

/** The word boundaries, including the start, as the number of pieces before each. */
function wordBoundaries({ pieces, spaceless }: TranslatedTokens): number[] {
  const text = pieces.join("");
  const segmenter = new Intl.Segmenter(spaceless ?? "en", { granularity: "word" });
  const starts = new Set([...segmenter.segment(text)].map(({ index }) => index));
  const boundaries = [0];
  let length = 0;
  for (const [i, piece] of pieces.entries()) {
    length += piece.length;
    if (length === text.length || (piece !== "" && starts.has(length))) boundaries.push(i + 1);
  }
  return boundaries;
}

function bestPosition(
  { pieces, attention }: TranslatedTokens,
  boundaries: readonly number[],
  { tokensBefore, isLast }: SourceGap,
  min: number,
): number {
  if (isLast) return boundaries.findLast((at) => /[\p{L}\p{N}]/u.test(pieces[at - 1] ?? "")) ?? min;
  const pull = attention.map((row) => {
    let sum = 0;
    // The last source token is the end, which is attended to for lack of anything better.
    for (let s = 0; s < row.length - 1; s++) {
      const distance = s < tokensBefore ? tokensBefore - 1 - s : s - tokensBefore;
      sum += (s < tokensBefore ? 1 : -1) * (row[s] ?? 0) * decay ** distance;
    }
    return sum;
  });
  let [best, bestSum, sum, at] = [min, Number.NEGATIVE_INFINITY, 0, 0];
  for (const boundary of boundaries) {
    for (; at < boundary; at++) sum += pull[at] ?? 0;
    if (boundary < min || sum <= bestSum) continue;
    [best, bestSum] = [boundary, sum];
  }
  return best;
}
