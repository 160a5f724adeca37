import { type MaskedText, mask, numberMask, sliceMasked } from "./masked.ts";

/** A sentence with what stands around its words and is not for the model. */
export interface Framed {
  readonly before: MaskedText;
  readonly body: MaskedText;
  readonly after: MaskedText;
}

const quotePairs: readonly (readonly [open: string, close: string])[] = [
  ...['""', "''", "“”", "„“", "„”", "‚‘", "‘’", "«»", "»«", "‹›", "「」", "『』", "()", "[]"].map(
    ([open = "", close = ""]) => [open, close] as const,
  ),
];

/** Bullets, boxes, dashes that open speech, numbers of items (`1.`, `(a)`, `iv)`, `[1]`), and signs. */
const item = `(?:${numberMask}|\\p{L}|[ivx]{1,5}|[IVX]{1,5})`;
const opening = new RegExp(
  `^(?:(?:${item}[.)]|[([]${item}[)\\]]|${mask}${item}${mask})(?=\\s|$)|\\s|${mask}|[-*+>#•·‣▪–—]+(?=\\s|${mask})|[-–—]+(?=\\p{L}))+`,
  "u",
);
const closing = new RegExp(`(?:\\s|${mask})+$`, "u");

/**
 * Takes off what stands around a sentence: bullets, quotes and brackets that hold all of it or are of a longer
 * quotation, and spans at either end.
 */
export function takeOffFrame(sentence: MaskedText): Framed {
  const { text } = sentence;
  let [from, to] = [0, text.length];
  for (;;) {
    const rest = text.slice(from, to);
    const head = opening.exec(rest)?.[0].length ?? 0;
    const tail = closing.exec(rest.slice(head))?.[0].length ?? 0;
    const [left, right] = outerQuotes(rest.slice(head, rest.length - tail));
    if (head + tail + left + right === 0) break;
    from += head + left;
    to -= tail + right;
  }
  return {
    before: sliceMasked(sentence, 0, from),
    body: sliceMasked(sentence, from, to),
    after: sliceMasked(sentence, to),
  };
}

/** How many characters at the beginning and the end are quotes or brackets of the whole sentence. */
function outerQuotes(text: string): readonly [left: number, right: number] {
  const inside = text.slice(1, -1);
  for (const [open, close] of quotePairs) {
    const [opens, closes] = [text.startsWith(open), text.endsWith(close)];
    if (opens && closes && text.length > 1 && !inside.includes(open) && !inside.includes(close)) {
      return [1, 1];
    }
    if (!opens && !closes) continue;
    const rest = opens ? text.slice(1) : text.slice(0, -1);
    // A part of a longer quotation. An apostrophe may end a word (`the dogs'`).
    if (open === "'" || partners(open, close).some((quote) => rest.includes(quote))) continue;
    return opens ? [1, 0] : [0, 1];
  }
  return [0, 0];
}

/** The quotes that either may go with: `„` ends in `“` or `”`. */
function partners(open: string, close: string): readonly string[] {
  return quotePairs.filter((pair) => pair[0] === open || pair[1] === close).flat();
}
