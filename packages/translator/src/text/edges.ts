import { type MaskedText, mask, numberMask, sliceMasked } from "./masked.ts";

/** A sentence without its frame: bullets, quotes and spans at either end, which the model does not read. */
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

/** Bullets, checkboxes, dashes that open speech, item numbers (`1.`, `(a)`, `iv)`, `[1]`), and masks. */
const item = `(?:${numberMask}|\\p{L}|[ivx]{1,5}|[IVX]{1,5})`;
const opening = new RegExp(
  `^(?:(?:${item}[.)]|[([]${item}[)\\]]|${mask}${item}${mask})(?=\\s|$)|\\s|${mask}|[-*+>#•·‣▪–—]+(?=\\s|${mask})|[-–—]+(?=\\p{L}))+`,
  "u",
);
const closing = new RegExp(`(?:\\s|${mask})+$`, "u");

/**
 * Separates a sentence from its frame: bullets, spans at either end, and quotes and brackets around
 * all of it or around a longer quotation.
 */
export function splitFrame(sentence: MaskedText): Framed {
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

/** The number of characters at either end that are quotes or brackets of the entire sentence. */
function outerQuotes(text: string): readonly [left: number, right: number] {
  const inside = text.slice(1, -1);
  for (const [open, close] of quotePairs) {
    const [opens, closes] = [text.startsWith(open), text.endsWith(close)];
    if (opens && closes && text.length > 1 && !inside.includes(open) && !inside.includes(close)) {
      return [1, 1];
    }
    if (!opens && !closes) continue;
    const rest = opens ? text.slice(1) : text.slice(0, -1);
    // Part of a longer quotation, unless it is an apostrophe (`the dogs'`).
    if (open === "'" || partners(open, close).some((quote) => rest.includes(quote))) continue;
    return opens ? [1, 0] : [0, 1];
  }
  return [0, 0];
}

/** The possible partners of both quotes: `„` is closed by `“` or `”`. */
function partners(open: string, close: string): readonly string[] {
  return quotePairs.filter((pair) => pair[0] === open || pair[1] === close).flat();
}
