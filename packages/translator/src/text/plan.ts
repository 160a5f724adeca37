import { splitSentences, type Tokenizer } from "@attend/text";
import { isSpaceless } from "../language.ts";
import { splitFrame } from "./edges.ts";
import { markOnce } from "./final-marks.ts";
import { toSentenceCase } from "./letter-case.ts";
import { type MaskedText, maskSpans, spanAssigner, unmask, withBreaks } from "./masked.ts";
import { cutText } from "./pieces.ts";
import { withoutRepeats } from "./repeats.ts";
import { findSpans, removeInvisible, type Span } from "./spans.ts";

/** A unit of translation: a sentence, or a piece of a long one. */
export interface Unit {
  readonly body: MaskedText;
  /** Whether it was all capitals, as its translation should be. */
  readonly capitals: boolean;
  /** The final marks of its translation if the sentence has several, or else empty. */
  readonly marks: string;
}

/** A text as parts that are copied (a string) and parts that are translated, in order. */
export interface TextPlan {
  readonly parts: readonly (string | Unit)[];
  /** All spans that are copied, without punctuation and white space. */
  readonly spans: readonly Span[];
}

export interface Planning {
  readonly from: string;
  readonly to: string;
  readonly tokenizer: Tokenizer;
  /** Whether a piece of a text is short enough for the model. */
  readonly fits: (piece: string) => boolean;
}

/** Splits a text into sentences, and finds the parts of them to translate. */
export function planText(text: string, planning: Planning): TextPlan {
  const { from, to, tokenizer } = planning;
  const masked = maskSpans(findSpans(text, tokenizer, from), removeInvisible);
  if (!/\p{L}/u.test(text)) return { parts: [text.trim()], spans: masked.spans };
  const assign = spanAssigner(masked.spans);
  const parts: (string | Unit)[] = [];
  let [end, previousHasLetters] = [0, false];
  for (const { start, text: found } of splitSentences(withBreaks(masked), from)) {
    const between = unmask(assign(masked.text.slice(end, start)));
    end = start + found.length;
    const sentence = assign(masked.text.slice(start, end));
    const hasLetters = /\p{L}/u.test(sentence.text);
    const isSpace = previousHasLetters && hasLetters && between.trim() === "";
    parts.push(isSpace ? spaceBetween(between, from, to) : between);
    previousHasLetters = hasLetters;
    parts.push(...planSentence(sentence, planning));
  }
  parts.push(unmask(assign(masked.text.slice(end))));
  return { parts: withoutMargins(parts), spans: masked.spans };
}

function planSentence(masked: MaskedText, { from, to, fits }: Planning): (string | Unit)[] {
  const { before, body, after } = splitFrame(masked);
  const { text: sentence, marks } = markOnce(withoutRepeats(body.text, from));
  const { text, capitals } = toSentenceCase(sentence, from, !endsInWord(before));
  const assign = spanAssigner(body.spans);
  const space = spaceBetween(isSpaceless(from) ? "" : " ", from, to);
  const parts = cutText(text, fits).flatMap((text, i, { length }): (string | Unit)[] => {
    const piece = assign(text);
    const ofPiece = i === length - 1 ? marks : "";
    const part = hasWords(text)
      ? { body: piece, capitals, marks: ofPiece }
      : unmask(piece) + ofPiece.slice(1);
    return i > 0 ? [space, part] : [part];
  });
  return [unmask(before), ...parts, unmask(after)];
}

/** A single abbreviation (`OK`, `USA`) does not count. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text) && !/^\P{L}*\p{Lu}{1,3}\P{L}*$/u.test(text);
}

/** Whether the text before a sentence is part of it, such as a name or placeholder. */
function endsInWord({ text, spans }: MaskedText): boolean {
  const kind = spans.at(-1)?.kind ?? "sign";
  return kind !== "sign" && kind !== "tag" && /[\p{L}\p{Co}]\s*$/u.test(text);
}

function withoutMargins(parts: readonly (string | Unit)[]): (string | Unit)[] {
  return parts
    .map((part, i) => {
      if (typeof part === "object" || (i > 0 && i < parts.length - 1)) return part;
      return i === 0 ? part.trimStart() : part.trimEnd();
    })
    .filter((part) => part !== "");
}

/** The space between two sentences of the translation, given that of the source. */
function spaceBetween(space: string, from: string, to: string): string {
  const isLine = space.includes("\n");
  if (isSpaceless(to)) return isLine ? space : "";
  return space === "" || (isSpaceless(from) && !isLine) ? " " : space;
}
