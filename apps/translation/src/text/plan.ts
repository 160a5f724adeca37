import { type Subwords, splitSentences } from "@attend/text";
import { isSpaceless } from "../languages.ts";
import { takeOffFrame } from "./edges.ts";
import { inSentenceCase } from "./letter-case.ts";
import { countMasks, type MaskedText, maskSpans, unmask } from "./masked.ts";
import { cutText } from "./pieces.ts";
import { findSpans, type Span, visible } from "./spans.ts";

/** What the model translates at once: a sentence, or a piece of one that is too long. */
export interface Unit {
  readonly body: MaskedText;
  /** Whether it was written in capitals, and is to be again. */
  readonly capitals: boolean;
}

/** A text as what comes through as it is (a string) and what is translated, in order. */
export interface TextPlan {
  readonly parts: readonly (string | Unit)[];
  /** All that comes through as it is but punctuation and white space. */
  readonly spans: readonly Span[];
}

export interface Planning {
  readonly from: string;
  readonly to: string;
  readonly vocabulary: Subwords;
  /** Whether a piece of a text is short enough for the model. */
  readonly fits: (piece: string) => boolean;
}

/** Cuts a text into its sentences and tells what of them is translated. */
export function planText(text: string, { from, to, vocabulary, fits }: Planning): TextPlan {
  const masked = maskSpans(findSpans(text, vocabulary), visible);
  if (!/\p{L}/u.test(text)) return { parts: [text.trim()], spans: masked.spans };
  const left = [...masked.spans];
  const parts: (string | Unit)[] = [];
  let [end, follows, wereWords] = [0, false, false];
  for (const sentence of splitSentences(masked.text, from)) {
    const between = masked.text.slice(end, sentence.start);
    end = sentence.start + sentence.text.length;
    const isWords = /\p{L}/u.test(sentence.text);
    if (follows) parts.push(isWords && wereWords ? spaceBetween(between, from, to) : between);
    [follows, wereWords] = [true, isWords];
    const pieces = cutText(sentence.text, fits);
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) parts.push(spaceBetween(isSpaceless(from) ? "" : " ", from, to));
      const spans = left.splice(0, countMasks(piece));
      parts.push(...planPiece({ text: piece, spans }, from, i === 0));
    }
  }
  return { parts, spans: masked.spans };
}

function planPiece(piece: MaskedText, language: string, isBegin: boolean): (string | Unit)[] {
  const { before, body, after } = takeOffFrame(piece);
  if (!/\p{L}/u.test(body.text)) return [before + unmask(body) + after];
  // After a name that is left as it is, no sentence begins.
  const opens = isBegin && !/[\p{L}\p{N}]/u.test(before);
  const { text, capitals } = opens
    ? inSentenceCase(body.text, language)
    : { text: body.text, capitals: false };
  const unit = { body: { ...body, text }, capitals };
  return [before, unit, after].filter((part) => part !== "");
}

/** What stands between two sentences of the translation, given what does in the source. */
function spaceBetween(space: string, from: string, to: string): string {
  const isLine = space.includes("\n");
  if (isSpaceless(to)) return isLine ? space : "";
  return space === "" || (isSpaceless(from) && !isLine) ? " " : space;
}
