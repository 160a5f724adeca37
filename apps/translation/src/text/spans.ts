import type { Subwords } from "@attend/text";

/** Why a part of a text is not translated. */
export type SpanKind = "sign" | "word" | "number" | "address" | "file" | "tag" | "placeholder";

/** A part of a text that comes through as it is. */
export interface Span {
  readonly text: string;
  readonly kind: SpanKind;
}

/** A text cut into what is translated (a string) and what is not. */
export type Parts = readonly (string | Span)[];

/** Whole emoji, of several characters, too; a string, as TypeScript knows the flag `v` from ES2024 on. */
const emoji = "\\p{RGI_Emoji}";
/** Letters written onto a number. */
const attached = "[\\p{L}\\p{M}]{0,20}";
const topDomains = "com|org|net|edu|gov|io|dev|app|de|fr|jp|uk|ch|at|eu|cn|info|us|ca";
const fileNames =
  "jpe?g|png|gif|webp|heic|svg|pdf|docx?|xlsx?|pptx?|csv|tsv|txt|md|html?|xml|json|ya?ml|js|mjs|ts|tsx|py|sh|c|cpp|h|rs|go|java|zip|gz|tar|mp[34]|wav|mov|exe|dll|log|ini|toml|env";

/** In the order in which they are looked for: what one has found the next ones do not see. */
const patterns: readonly (readonly [SpanKind, RegExp])[] = [
  ["tag", /<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>|<!--.{0,500}?-->|&(?:[a-z]+|#\d+|#x[0-9a-f]+);/giu],
  [
    "placeholder",
    /\$?\{\{?[^{}\n]{0,60}\}\}?|%\(\w+\)[sdif]|%(?:\d+\$)?[-+0]?\d*(?:\.\d+)?[sdifu@](?!\p{L})|`[^`\n]+`/gu,
  ],
  ["address", /(?:https?|ftp|file|mailto|tel):[^\s<>"“”«»]*[^\s<>"“”«».,;:!?)\]}'’]/giu],
  [
    "address",
    /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
  ],
  [
    "address",
    new RegExp(
      `(?<![\\p{L}\\p{N}@.-])(?:[a-z0-9-]+\\.)+(?:${topDomains})(?:/[^\\s<>"]*[^\\s<>".,;:!?)])?(?![\\p{L}\\p{N}-])`,
      "gu",
    ),
  ],
  ["address", /(?<![\p{L}\p{N}])[@#][\p{L}_][\p{L}\p{N}_]*/gu],
  [
    "file",
    new RegExp(
      `(?<![\\p{L}\\p{N}])(?:[A-Za-z]:[\\\\/]|~?\\.{0,2}/)?(?:[\\p{L}\\p{N}_.-]{1,100}[\\\\/]){0,50}[\\p{L}\\p{N}_-][\\p{L}\\p{N}_.-]{0,100}\\.(?:${fileNames})(?![\\p{L}\\p{N}])`,
      "gu",
    ),
  ],
  ["file", /(?<![\p{L}\p{N}<])(?:~|\.{1,2})?(?:\/[\p{L}\p{N}_.-]+){2,}\/?/gu],
  ["sign", new RegExp(emoji, "gv")],
  // Telephone numbers; dates, times, amounts with what is written onto them; names such as B12 and COVID-19.
  [
    "number",
    /(?<![\p{L}\p{N}])(?:\+\d{1,3}(?:[\s.-]?\(?\d{2,}\)?){2,8}|\(\d{2,5}\)[\s.-]?\d{2,}(?:[\s.-]\d{2,}){0,6}|\d{2,}(?:[\s.-]\d{2,}){2,8})(?![\p{L}\p{N}])/gu,
  ],
  [
    "number",
    new RegExp(
      `(?<![\\p{L}\\p{M}\\p{N}])(?:\\p{Lu}${attached}-|${attached})[+-]?(?:\\p{Sc}\\s?)?\\p{N}+(?:[.,:/'’-]\\p{N}+)*(?:(?:-\\p{Ll}+)+|\\s?[%‰°][CF]?(?!\\p{L})|\\s?\\p{Sc}|[\\p{L}\\p{M}\\p{N}]*)`,
      "gu",
    ),
  ],
];

/**
 * Finds what is not to be translated: addresses, file names, tags, placeholders, numbers, and the words and
 * signs that the vocabulary can write in bytes alone.
 */
export function findSpans(text: string, vocabulary: Subwords): Parts {
  let parts: Parts = [text];
  for (const [kind, pattern] of patterns) {
    parts = parts.flatMap((part) => (typeof part === "string" ? cutAt(part, pattern, kind) : part));
  }
  parts = parts.flatMap((part) => (typeof part === "string" ? cutUnknown(part, vocabulary) : part));
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

/** What tells sentences and their parts stays in them, whether it is known or not. */
const sentenceMarks = /^[.!?…,;:'"()。！？、，-]$/;

function cutUnknown(text: string, vocabulary: Subwords): Parts {
  const parts: (string | Span)[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(wordOrSign)) {
    if (sentenceMarks.test(found) || isKnown(found, vocabulary)) continue;
    if (index > from) parts.push(text.slice(from, index));
    parts.push({ text: found, kind: /\p{L}/u.test(found) ? "word" : "sign" });
    from = index + found.length;
  }
  return from < text.length ? [...parts, text.slice(from)] : parts;
}

function isKnown(word: string, vocabulary: Subwords): boolean {
  const ids = vocabulary.encode(typewritten(visible(word), vocabulary));
  return ids.every((id) => vocabulary.byteOf(id) === undefined);
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

/** What a typewriter has for marks that a vocabulary may lack. */
const typewriterMarks: ReadonlyMap<string, string> = new Map([
  ...[..."’‘‚′"].map((mark) => [mark, "'"] as const),
  ...[..."“”„«»″"].map((mark) => [mark, '"'] as const),
  ...[..."–—‐‑‒―−"].map((mark) => [mark, "-"] as const),
]);

/**
 * A text without what nobody sees: control and format characters (soft hyphens, zero-width spaces, byte order
 * marks) become spaces or nothing. Line breaks stay.
 */
export function visible(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").replaceAll(/\p{Cf}/gu, "");
}

/** A text with a typewriter's marks for those that the vocabulary lacks; of the same length. */
export function typewritten(text: string, vocabulary: Subwords): string {
  return text.replaceAll(/[’‘‚′“”„«»″–—‐‑‒―−]/gu, (mark) => {
    const isKnownMark = vocabulary.encode(mark).every((id) => vocabulary.byteOf(id) === undefined);
    return isKnownMark ? mark : (typewriterMarks.get(mark) ?? mark);
  });
}
