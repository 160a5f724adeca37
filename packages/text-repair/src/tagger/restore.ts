import { splitSentences } from "@attend/text";
import type { Edit } from "../draft.ts";
import { capitalized } from "../words/casing.ts";
import { isFinal, type Mark, written } from "../words/marks.ts";
import { type Word, wordsOf } from "../words/words.ts";
import { type Allowed, type Decision, decide } from "./decide.ts";
import type { TaggerModel } from "./model.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A sentence of at least this many words and no comma is taken for several without their marks. */
const longSentence = 40;

/** A word with what is known of it. */
interface Place {
  readonly word: Word;
  readonly allowed: Allowed;
  /** Whether nothing in its sentence is capitalized, or everything. */
  readonly isUncased: boolean;
  /** Whether it is the first of its sentence. */
  readonly begins: boolean;
}

/** Which edits {@link restore} makes. */
export interface RestoreOptions {
  readonly language: string;
  readonly punctuation: boolean;
  readonly casing: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The edits that restore punctuation and capitals. Sentences that have their marks keep them as they are, and so do those
 * with capitals.
 *
 * @param model without it, only sentences' first letters are restored
 */
export async function restore(
  text: string,
  model: TaggerModel | undefined,
  options: RestoreOptions,
): Promise<Edit[]> {
  const places = placesOf(text, options);
  const isNeeded = ({ allowed, isUncased }: Place) =>
    isOpen(allowed) || (options.casing && isUncased);
  const keys = places.map(({ word: { key }, allowed }) => ({ key, allowed }));
  const decisions =
    model !== undefined && places.some(isNeeded)
      ? await decide(model, keys, options.signal)
      : places.map(({ word }): Decision => ({ mark: word.mark, casing: "lower" }));
  const isRestored = (i: number) => isOpen(places[i]?.allowed);
  return places.flatMap((place, i) => {
    const before = decisions[i - 1];
    const isFirst =
      place.begins || (before !== undefined && isRestored(i - 1) && isFinal(before.mark));
    const { mark = "none", casing = "lower" } = decisions[i] ?? {};
    const letters = options.casing
      ? casingEdit(place, { casing, isFirst, tokens: model?.tokens })
      : [];
    return [...letters, ...markEdit(place, mark)];
  });
}

function placesOf(text: string, { language, punctuation }: RestoreOptions): Place[] {
  const isLoud = /\p{Lu}.*\p{Lu}/su.test(text) && !/\p{Ll}/u.test(text) && /\s/.test(text.trim());
  return splitSentences(text, language).flatMap((sentence) => {
    const words = wordsOf(sentence);
    const lacksMarks = punctuation && !hasItsMarks(words);
    const isUncased =
      isLoud || !words.some((word) => word.key !== "i" && /\p{Lu}/u.test(word.text));
    return words.map((word, i): Place => {
      const isLast = i === words.length - 1;
      const isFree = lacksMarks && /^[\s"'“”‘’«»()[\]]*$/.test(word.gap);
      const allowed = isFree ? (isLast ? "final" : "any") : word.mark;
      return { word, allowed, isUncased, begins: i === 0 };
    });
  });
}

const isOpen = (allowed: Allowed | undefined) => allowed === "any" || allowed === "final";

/** Whether a sentence was written with care. */
function hasItsMarks(words: readonly Word[]): boolean {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return true;
  if (/^\p{Ll}/u.test(first.text)) return false;
  const isShort = words.length < longSentence || words.some(({ mark }) => mark === "comma");
  return isShort && /[^\s"'“”‘’«»()[\]]/.test(last.gap);
}

const markReasons: Readonly<Record<Mark, string>> = {
  none: "",
  comma: "comma",
  period: "end of a sentence",
  question: "question",
};

function markEdit({ word, allowed }: Place, mark: Mark): Edit[] {
  if (!isOpen(allowed) || mark === "none") return [];
  // An abbreviation's period also ends the sentence.
  if (mark === "period" && word.text.endsWith(".")) return [];
  return [{ start: word.end, end: word.end, to: written[mark], reason: markReasons[mark] }];
}

function casingEdit(
  { word, isUncased }: Place,
  {
    casing,
    isFirst,
    tokens,
  }: {
    casing: Decision["casing"];
    isFirst: boolean;
    tokens: Vocabulary | undefined;
  },
): Edit[] {
  const plain = isUncased && /\p{Lu}/u.test(word.text) ? word.text.toLowerCase() : word.text;
  const { to, reason } = cased(plain, isUncased && tokens !== undefined ? casing : "lower");
  return to === word.text ? [] : [{ start: word.start, end: word.end, to, reason }];

  function cased(text: string, as: Decision["casing"]): { to: string; reason: string } {
    const form = as === "form" ? tokens?.formOf(word.key) : undefined;
    if (form !== undefined) return { to: form, reason: "usual form" };
    if (as === "upper") return { to: text.toUpperCase(), reason: "usual form" };
    if (/^i(?:$|['’])/.test(text)) return { to: capitalized(text), reason: "the pronoun I" };
    const isPlain = !/\p{Lu}/u.test(text);
    if (isFirst && isPlain) return { to: capitalized(text), reason: "start of a sentence" };
    if (as !== "lower" && isPlain) return { to: capitalized(text), reason: "name" };
    return { to: text, reason: "lower case" };
  }
}
