import type { Parts, Span } from "./spans.ts";

/** Placeholders for spans in a text, which do not end a sentence: one for numbers, one for all others. */
export const numberMask = "\uF8FE";
export const mask = "\uF8FF";
const anyMask = /[\uF8FE\uF8FF]/g;
const isMask = (character: string | undefined) => character === mask || character === numberMask;

/** A text with a mask in place of each span, in order. */
export interface MaskedText {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** @param transform applied to the text between spans, which contains no mask characters */
export function maskSpans(parts: Parts, transform: (text: string) => string): MaskedText {
  const text = parts
    .map((part) => {
      if (typeof part === "string") return transform(part);
      return part.kind === "number" ? numberMask : mask;
    })
    .join("");
  return { text, spans: parts.filter((part) => typeof part === "object") };
}

/** A function that assigns spans to the pieces of a masked text; call it for each piece, in order. */
export function spanAssigner(spans: readonly Span[]): (piece: string) => MaskedText {
  let next = 0;
  return (piece) => {
    const from = next;
    next += countMasks(piece);
    return { text: piece, spans: spans.slice(from, next) };
  };
}

/** Ends a sentence: a table cell, a list item, an HTML block. */
const breaking =
  /^[|│•▪‣◦●]$|^<\/?(?:p|div|li|[uo]l|d[ltd]|t[dhr]|table|h[1-6]|blockquote|title|option)\b/i;

/**
 * A text of the same length for sentence splitting: spans that end a sentence become line breaks, and
 * numbers that may be ordinals a digit.
 */
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

/** Replaces the masks by their spans. */
export function unmask({ text, spans }: MaskedText): string {
  let next = 0;
  return text.replaceAll(anyMask, () => spans[next++]?.text ?? "");
}

/** A slice of a masked text, with its spans. */
export function sliceMasked(
  { text, spans }: MaskedText,
  from: number,
  to = text.length,
): MaskedText {
  const before = countMasks(text.slice(0, from));
  const piece = text.slice(from, to);
  return { text: piece, spans: spans.slice(before, before + countMasks(piece)) };
}

/** The position of a removed span. */
export interface Gap {
  readonly span: Span;
  /** Index in the remaining text. */
  readonly at: number;
  /** Whether it was separated from the word before and the word after it. */
  readonly apart: readonly [before: boolean, after: boolean];
}

/** Removes all spans but those that `isKept` selects, which replace their masks. */
export function removeSpans(
  { text, spans }: MaskedText,
  isKept: (span: Span) => boolean,
): { readonly text: string; readonly gaps: readonly Gap[] } {
  const gaps: Gap[] = [];
  let remaining = "";
  let from = 0;
  for (const [i, { index }] of [...text.matchAll(anyMask)].entries()) {
    const span = spans[i];
    if (span === undefined) break;
    remaining += text.slice(from, index);
    from = index + 1;
    if (isKept(span)) {
      remaining += span.text;
      continue;
    }
    const rest = text.slice(from);
    const touches = [/[\p{L}\p{N}]$/u.test(remaining), /^[\p{L}\p{N}]/u.test(rest)];
    const apart = [
      !touches[0] && !isMask(text[index - 1]),
      !touches[1] && !isMask(text[from]),
    ] as const;
    if (/\s$/.test(remaining) && /^[\s.,;:!?)\]}]/.test(rest)) remaining = remaining.trimEnd();
    // `dogs<br>play` is two words.
    else if (touches[0] && touches[1]) remaining += " ";
    gaps.push({ span, at: remaining.length, apart });
  }
  return { text: remaining + text.slice(from), gaps };
}
