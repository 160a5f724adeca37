import type { Tokenizer } from "@attend/text";
import { patterns, type SpanKind } from "./patterns.ts";

export type { SpanKind } from "./patterns.ts";

/** A part of a text that comes through as it is. */
export interface Span {
  readonly text: string;
  readonly kind: SpanKind;
}

/** A text cut into what is translated (a string) and what is not. */
export type Parts = readonly (string | Span)[];

/**
 * Finds what is not to be translated: addresses, file names, tags, placeholders, numbers, words in a script that
 * the language is not written in, and the words and signs that the tokenizer has no tokens for.
 *
 * @param language of the text, such as `en`
 */
export function findSpans(text: string, tokenizer: Tokenizer, language: string): Parts {
  let parts: Parts = [text];
  for (const [kind, pattern] of patterns) {
    parts = parts.flatMap((part) => (typeof part === "string" ? cutAt(part, pattern, kind) : part));
  }
  const foreign = foreignLetter(language);
  const isStrange = (text: string) =>
    overlong.test(text) || foreign.test(text) || !isKnown(text, tokenizer);
  parts = parts.flatMap((part) => (typeof part === "string" ? cutUnknown(part, isStrange) : part));
  return joinUnknown(parts);
}

function cutAt(text: string, pattern: RegExp, kind: SpanKind): Parts {
  const parts: (string | Span)[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(pattern)) {
    if (found === "") continue;
    if (index > from) parts.push(text.slice(from, index));
    parts.push({ text: found, kind });
    from = index + found.length;
  }
  return from < text.length ? [...parts, text.slice(from)] : parts;
}

/** A word with the invisible characters in it; or one character with what combines with it. */
const wordOrSign = /[\p{L}\p{N}][\p{L}\p{M}\p{N}\p{Cf}]*|[^\s\p{Cc}\p{Cf}]\p{M}*/gu;

/** Is no word, and would take minutes. Languages without spaces have such runs. */
const overlong = /[\p{scx=Latn}\p{M}\p{N}]{300}/u;

/** What tells sentences and their parts stays in them, whether it is known or not. */
const sentenceMarks = /^[.!?…,;:'"()。！？、，-]$/;

function cutUnknown(text: string, isStrange: (text: string) => boolean): Parts {
  if (!isStrange(text)) return [text]; // as most are
  const parts: (string | Span)[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(wordOrSign)) {
    if (sentenceMarks.test(found) || !isStrange(found)) continue;
    if (index > from) parts.push(text.slice(from, index));
    parts.push({ text: found, kind: /\p{L}/u.test(found) ? "word" : "sign" });
    from = index + found.length;
  }
  return from < text.length ? [...parts, text.slice(from)] : parts;
}

/** Tokenizers of two languages know letters that only the other one has. Latin ones stand in texts of all. */
function foreignLetter(language: string): RegExp {
  const made = foreignLetters.get(language);
  if (made !== undefined) return made;
  const { script = "Latn" } = new Intl.Locale(language).maximize();
  const own = mixedScripts[script] ?? [script];
  const scripts = ["Latn", "Zyyy", ...own].map((name) => `\\p{scx=${name}}`).join("");
  const letter = new RegExp(`(?![${scripts}])\\p{L}`, "u");
  foreignLetters.set(language, letter);
  return letter;
}

const foreignLetters = new Map<string, RegExp>();

const mixedScripts: Readonly<Record<string, readonly string[]>> = {
  Jpan: ["Hani", "Hira", "Kana"],
  Kore: ["Hang", "Hani"],
  Hans: ["Hani"],
  Hant: ["Hani"],
};

function isKnown(text: string, tokenizer: Tokenizer): boolean {
  // `™` is no word, though its normal form is letters.
  const signs = text.match(/\p{So}/gu)?.join("") ?? "";
  if (/\p{L}/u.test(signs.normalize("NFKC"))) return false;
  return tokenizer.knows(typewritten(visible(text), tokenizer));
}

/** A phrase in another script is one span, with the spaces and commas in it; so is a row of emoji. */
function joinUnknown(parts: Parts): Parts {
  const joined: (string | Span)[] = [];
  for (const part of parts) {
    const [former, between] = [joined.at(-2), joined.at(-1)];
    if (isUnknown(part) && isUnknown(between)) {
      joined.splice(-1, 1, join(between, "", part));
    } else if (
      isUnknown(part) &&
      isUnknown(former) &&
      typeof between === "string" &&
      /^[\s,;:'"-]*$/.test(between)
    ) {
      joined.splice(-2, 2, join(former, between, part));
    } else joined.push(part);
  }
  return joined;
}

function isUnknown(part: string | Span | undefined): part is Span {
  return typeof part === "object" && (part.kind === "word" || part.kind === "sign");
}

function join(first: Span, between: string, last: Span): Span {
  const kind = first.kind === "word" ? "word" : last.kind;
  return { text: first.text + between + last.text, kind };
}

/** What a typewriter has for marks that a tokenizer may lack. */
const typewriterMarks: ReadonlyMap<string, string> = new Map([
  ...[..."’‘‚′"].map((mark) => [mark, "'"] as const),
  ...[..."“”„«»″"].map((mark) => [mark, '"'] as const),
  ...[..."–—‐‑‒―−"].map((mark) => [mark, "-"] as const),
]);
const typewriterMark = new RegExp(`[${[...typewriterMarks.keys()].join("")}]`, "gu");

/**
 * A text without what nobody sees: control and format characters (soft hyphens, zero-width spaces, byte order
 * marks) become spaces or nothing. Line breaks stay. The capital ß, which few know, is a small one.
 */
export function visible(text: string): string {
  return text
    .replaceAll(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replaceAll(/\p{Cf}/gu, "")
    .replaceAll("ẞ", "ß");
}

/** A text with a typewriter's marks for those that the tokenizer lacks; of the same length. */
export function typewritten(text: string, tokenizer: Tokenizer): string {
  return text.replaceAll(typewriterMark, (mark) =>
    tokenizer.knows(mark) ? mark : (typewriterMarks.get(mark) ?? mark),
  );
}
