import type { Edit } from "../draft.ts";
import type { Word } from "../words/words.ts";
import { readEnglish } from "./english.ts";
import { readFrench } from "./french.ts";
import { readGerman } from "./german.ts";
import type { ReadNumber } from "./spoken-number.ts";

const readers: Readonly<Record<string, ReadNumber>> = {
  en: readEnglish,
  de: readGerman,
  fr: readFrench,
};

/**
 * The edits that write a sentence's numbers in figures. A number that is one word with hyphens, `twenty-five`, stays.
 *
 * @param all writes every number, also `two`
 */
export function figureEdits(words: readonly Word[], language: string, all = false): Edit[] {
  const read = readers[language];
  if (read === undefined) return [];
  const parts = words.flatMap((word, index) =>
    word.key.split("-").map((key, i, all) => ({ key, index, isEnd: i === all.length - 1 })),
  );
  const keys = parts.map(({ key }) => key);
  const edits: Edit[] = [];
  for (let at = 0; at < parts.length; at++) {
    if (at > 0 && !parts[at - 1]?.isEnd) continue;
    const end = endOfRun(words, parts, at);
    const number = read(keys.slice(0, end), at, all);
    if (number === undefined) continue;
    const last = parts[at + number.length - 1];
    const [first, final] = [words[parts[at]?.index ?? 0], words[last?.index ?? 0]];
    if (first === undefined || final === undefined || !last?.isEnd) continue;
    if (!(first === final && first.key.includes("-"))) {
      edits.push({
        start: first.start,
        end: final.end,
        to: number.figures,
        reason: "number in figures",
      });
    }
    at += number.length - 1;
  }
  return edits;
}

/** Where the words from `at` on are interrupted by a mark. */
function endOfRun(
  words: readonly Word[],
  parts: readonly { readonly index: number }[],
  at: number,
): number {
  const end = parts.findIndex(({ index }, i) => i >= at && words[index]?.gap.trim() !== "");
  const word = parts[end]?.index;
  return end === -1 ? parts.length : parts.findLastIndex(({ index }) => index === word) + 1;
}
