import { splitSentences, type Tokenizer } from "@attend/text";
import { isSpaceless } from "../language.ts";
import { takeOffFrame } from "./edges.ts";
import { inSentenceCase } from "./letter-case.ts";
import { dealSpans, type MaskedText, maskSpans, unmask, withBreaks } from "./masked.ts";
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
  readonly tokenizer: Tokenizer;
  /** Whether a piece of a text is short enough for the model. */
  readonly fits: (piece: string) => boolean;
}

/** Cuts a text into its sentences and tells what of them is translated. */
export function planText(text: string, planning: Planning): TextPlan {
  const { from, to, tokenizer } = planning;
  const masked = maskSpans(findSpans(text, tokenizer, from), visible);
  if (!/\p{L}/u.test(text)) return { parts: [text.trim()], spans: masked.spans };
  const deal = dealSpans(masked.spans);
  const parts: (string | Unit)[] = [];
  let [end, wereWords] = [0, false];
  for (const { start, text: shown } of splitSentences(withBreaks(masked), from)) {
    const between = unmask(deal(masked.text.slice(end, start)));
    end = start + shown.length;
    const sentence = deal(masked.text.slice(start, end));
    const isWords = /\p{L}/u.test(sentence.text);
    const isSpace = wereWords && isWords && between.trim() === "";
    parts.push(isSpace ? spaceBetween(between, from, to) : between);
    wereWords = isWords;
    parts.push(...planSentence(sentence, planning));
  }
  parts.push(unmask(deal(masked.text.slice(end))));
  return { parts: withoutMargins(parts), spans: masked.spans };
}

function planSentence(sentence: MaskedText, { from, to, fits }: Planning): (string | Unit)[] {
  const { before, body, after } = takeOffFrame(sentence);
  const { text, capitals } = inSentenceCase(body.text, from, !endsInWord(before));
  const deal = dealSpans(body.spans);
  const space = spaceBetween(isSpaceless(from) ? "" : " ", from, to);
  const parts = cutText(text, fits).flatMap((text, i): (string | Unit)[] => {
    const piece = deal(text);
    const part = hasWords(text) ? { body: piece, capitals } : unmask(piece);
    return i > 0 ? [space, part] : [part];
  });
  return [unmask(before), ...parts, unmask(after)];
}

/** Abbreviations alone (`OK`, `USA`) are none. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text) && !/^\P{L}*\p{Lu}{1,3}\P{L}*$/u.test(text);
}

/** Whether what stands before a sentence is a part of it, such as a name or placeholder. */
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

/** What stands between two sentences of the translation, given what does in the source. */
function spaceBetween(space: string, from: string, to: string): string {
  const isLine = space.includes("\n");
  if (isSpaceless(to)) return isLine ? space : "";
  return space === "" || (isSpaceless(from) && !isLine) ? " " : space;
}
