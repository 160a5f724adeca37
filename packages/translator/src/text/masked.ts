import type { Parts, Span } from "./spans.ts";

/** Stand for a span in a text, and end no sentence: one for numbers, one for all else. */
export const numberMask = "\uF8FE";
export const mask = "\uF8FF";
const anyMask = /[\uF8FE\uF8FF]/g;
const isMask = (character: string | undefined) => character === mask || character === numberMask;

/** A text in which a mask stands for each span, in their order. */
export interface MaskedText {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** @param form of what is not a span; the masks' own characters are spans by then */
export function maskSpans(parts: Parts, form: (text: string) => string): MaskedText {
  const text = parts
    .map((part) => {
      if (typeof part === "string") return form(part);
      return part.kind === "number" ? numberMask : mask;
    })
    .join("");
  return { text, spans: parts.filter((part) => typeof part === "object") };
}

/** Gives the pieces of a masked text, which come in order, their spans. */
export function dealSpans(spans: readonly Span[]): (piece: string) => MaskedText {
  let next = 0;
  return (piece) => {
    const from = next;
    next += countMasks(piece);
    return { text: piece, spans: spans.slice(from, next) };
  };
}

/** Ends a sentence: a cell of a table, an item, a block of HTML. */
const breaking =
  /^[|│•▪‣◦●]$|^<\/?(?:p|div|li|[uo]l|d[ltd]|t[dhr]|table|h[1-6]|blockquote|title|option)\b/i;

/** A masked text as its sentences are told, of the same length: numbers that may be ordinals are one. */
export function withBreaks({ text, spans }: MaskedText): string {
  let next = 0;
  return text.replaceAll(anyMask, (mask) => {
    const span = spans[next++];
    if (span === undefined) return mask;
    if (breaking.test(span.text)) return "\n";
    return span.kind === "number" && /^\d{1,2}$/.test(span.text) ? "1" : mask;
  });
}

function countMasks(text: string): number {
  return text.match(anyMask)?.length ?? 0;
}

/** Puts the spans back where their masks are. */
export function unmask({ text, spans }: MaskedText): string {
  let next = 0;
  return text.replaceAll(anyMask, () => spans[next++]?.text ?? "");
}

/** Cuts a masked text, `at` being places in it; each piece has its own spans. */
export function sliceMasked(
  { text, spans }: MaskedText,
  from: number,
  to = text.length,
): MaskedText {
  const before = countMasks(text.slice(0, from));
  const piece = text.slice(from, to);
  return { text: piece, spans: spans.slice(before, before + countMasks(piece)) };
}

/** Where a span was taken out of a text. */
export interface Gap {
  readonly span: Span;
  /** The place in the text that is left. */
  readonly at: number;
  /** Whether it stood apart from the word before and the one after it. */
  readonly apart: readonly [before: boolean, after: boolean];
}

/** The text without its masks, or only without those of `kept` spans, which are written out. */
export function takeOut(
  { text, spans }: MaskedText,
  isKept: (span: Span) => boolean,
): { readonly text: string; readonly gaps: readonly Gap[] } {
  const gaps: Gap[] = [];
  let left = "";
  let from = 0;
  for (const [i, { index }] of [...text.matchAll(anyMask)].entries()) {
    const span = spans[i];
    if (span === undefined) break;
    left += text.slice(from, index);
    from = index + 1;
    if (isKept(span)) {
      left += span.text;
      continue;
    }
    const rest = text.slice(from);
    const touches = [/[\p{L}\p{N}]$/u.test(left), /^[\p{L}\p{N}]/u.test(rest)];
    const apart = [
      !touches[0] && !isMask(text[index - 1]),
      !touches[1] && !isMask(text[from]),
    ] as const;
    if (/\s$/.test(left) && /^[\s.,;:!?)\]}]/.test(rest)) left = left.trimEnd();
    // `dogs<br>play` is two words.
    else if (touches[0] && touches[1]) left += " ";
    gaps.push({ span, at: left.length, apart });
  }
  return { text: left + text.slice(from), gaps };
}
