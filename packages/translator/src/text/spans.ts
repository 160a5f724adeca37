import type { Tokenizer } from "@attend/text";
import { patterns, type SpanKind } from "./patterns.ts";

export type { SpanKind } from "./patterns.ts";

/** A part of a text that is not translated. */
export interface Span {
  readonly text: string;
  readonly kind: SpanKind;
}

/** A text, divided into parts that are translated (strings) and parts that are not. */
export type Parts = readonly (string | Span)[];

/**
 * Finds the parts not to translate: addresses, file names, tags, placeholders, numbers, words in a
 * foreign script, and words and symbols that the tokenizer has no tokens for.
 *
 * @param language of the text, such as `en`
 */
export function findSpans(text: string, tokenizer: Tokenizer, language: string): Parts {
  let parts: Parts = [text];
  for (const [kind, pattern] of patterns) {
    parts = parts.flatMap((part) => (typeof part === "string" ? cutAt(part, pattern, kind) : part));
  }
  const foreign = foreignLetter(language);
  const isUntranslatable = (text: string) =>
    overlong.test(text) || foreign.test(text) || !isKnown(text, tokenizer);
  parts = parts.flatMap((part) =>
    typeof part === "string" ? cutUnknown(part, isUntranslatable) : part,
  );
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

/** A word with its invisible characters, or one character with its combining marks. */
const wordOrSign = /[\p{L}\p{N}][\p{L}\p{M}\p{N}\p{Cf}]*|[^\s\p{Cc}\p{Cf}]\p{M}*/gu;

/** Too long for a word; the model would take minutes. Languages without spaces are excluded. */
const overlong = /[\p{scx=Latn}\p{M}\p{N}]{300}/u;

/** Punctuation that structures sentences is always kept, whether it is known or not. */
const sentenceMarks = /^[.!?…,;:'"()。！？、，-]$/;

function cutUnknown(text: string, isUntranslatable: (text: string) => boolean): Parts {
  if (!isUntranslatable(text)) return [text]; // the common case
  const parts: (string | Span)[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(wordOrSign)) {
    if (sentenceMarks.test(found) || !isUntranslatable(found)) continue;
    if (index > from) parts.push(text.slice(from, index));
    parts.push({ text: found, kind: /\p{L}/u.test(found) ? "word" : "sign" });
    from = index + found.length;
  }
  return from < text.length ? [...parts, text.slice(from)] : parts;
}

/**
 * Matches letters of scripts other than the language's and Latin. A tokenizer shared by two languages
 * knows the letters of both.
 */
function foreignLetter(language: string): RegExp {
  const cached = foreignLetters.get(language);
  if (cached !== undefined) return cached;
  const { script = "Latn" } = new Intl.Locale(language).maximize();
  const ofLanguage = mixedScripts[script] ?? [script];
  const scripts = ["Latn", "Zyyy", ...ofLanguage].map((name) => `\\p{scx=${name}}`).join("");
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
  // `™` is not a word, though its normal form consists of letters.
  const signs = text.match(/\p{So}/gu)?.join("") ?? "";
  if (/\p{L}/u.test(signs.normalize("NFKC"))) return false;
  return tokenizer.knows(simplifyPunctuation(removeInvisible(text), tokenizer));
}

/** Joins a phrase in another script to one span, including spaces and commas, and adjacent emoji. */
function joinUnknown(parts: Parts): Parts {
  const joined: (string | Span)[] = [];
  for (const part of parts) {
    const [previous, between] = [joined.at(-2), joined.at(-1)];
    if (isUnknown(part) && isUnknown(between)) {
      joined.splice(-1, 1, join(between, "", part));
    } else if (
      isUnknown(part) &&
      isUnknown(previous) &&
      typeof between === "string" &&
      /^[\s,;:'"-]*$/.test(between)
    ) {
      joined.splice(-2, 2, join(previous, between, part));
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

/** ASCII replacements for punctuation that a tokenizer may lack. */
const asciiMarks: ReadonlyMap<string, string> = new Map([
  ...[..."’‘‚′"].map((mark) => [mark, "'"] as const),
  ...[..."“”„«»″"].map((mark) => [mark, '"'] as const),
  ...[..."–—‐‑‒―−"].map((mark) => [mark, "-"] as const),
]);
const typographicMark = new RegExp(`[${[...asciiMarks.keys()].join("")}]`, "gu");

/**
 * Replaces control characters by spaces and removes format characters (soft hyphens, zero-width spaces,
 * byte order marks). Line breaks are kept. The rare capital ß becomes a lower-case one.
 */
export function removeInvisible(text: string): string {
  return text
    .replaceAll(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replaceAll(/\p{Cf}/gu, "")
    .replaceAll("ẞ", "ß");
}

/** Replaces punctuation unknown to the tokenizer by ASCII; the length does not change. */
export function simplifyPunctuation(text: string, tokenizer: Tokenizer): string {
  return text.replaceAll(typographicMark, (mark) =>
    tokenizer.knows(mark) ? mark : (asciiMarks.get(mark) ?? mark),
  );
}
