import { type Sentence, splitSentences } from "@attend/text";
import { type Casing, casingOf } from "./casing.ts";
import { isFinal, type Mark } from "./marks.ts";
import { type Word, wordsOf } from "./words.ts";

/** A word to learn from. */
export interface TaggedWord {
  readonly key: string;
  readonly mark: Mark;
  /** Undefined where a capital says nothing about the word: at the start of a sentence. */
  readonly casing: Casing | undefined;
  readonly text: string;
}

/** The words of a written text with what is to be restored, sentence by sentence. */
export function taggedSentences(text: string, language: string): TaggedWord[][] {
  return splitSentences(text, language).map(taggedSentence);
}

function taggedSentence(sentence: Sentence): TaggedWord[] {
  const words = wordsOf(sentence);
  const tellsCasing = hasUsualCasing(words);
  return words.map((word, i) => {
    const before = words[i - 1];
    const begins =
      before === undefined || isFinal(before.mark) || /["'“‘«„(:—–-]\P{L}*$/u.test(before.gap);
    const isLast = i === words.length - 1;
    const isShort = word.key.endsWith(".") && !word.text.endsWith(".");
    const text = isShort ? `${word.text}.` : word.text;
    return {
      key: word.key,
      text,
      mark: isLast && !isFinal(word.mark) ? "period" : word.mark,
      casing: tellsCasing && !begins ? casingOf(text, word.key) : undefined,
    };
  });
}

/** Not so in titles and in text without capitals. */
function hasUsualCasing(words: readonly Word[]): boolean {
  if (!/^[\p{Lu}\p{N}]/u.test(words[0]?.text ?? "")) return false;
  const capitals = words.filter(({ text }) => /^\p{Lu}/u.test(text)).length;
  return words.length < 4 || capitals < 0.6 * words.length;
}
