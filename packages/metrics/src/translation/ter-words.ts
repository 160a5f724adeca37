import { replaceEntities, separateMarks, separateStops } from "./punctuation.ts";
import { splitWords } from "./white-space.ts";

export interface TerWordsOptions {
  readonly normalized: boolean;
  readonly noPunctuation: boolean;
  readonly asianSupport: boolean;
  readonly caseSensitive: boolean;
}

const punctuation = /[.,?:;!"()]/g;
const asianPunctuation =
  /[\u3001\u3002\u3008-\u3011\u3014-\u301f\u30fb\uff61-\uff65\uff01\uff02\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f]/g;

/**
 * Radicals, strokes, ideographs up to U+FFFF and characters composed of them. Kana are not split:
 * Tercom has rules for them, but they never apply.
 */
const ideographs =
  /[\u2e80-\u2eff\u31c0-\u31ef\u3200-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f]/g;

/**
 * The words of a line that TER compares, split as in sacreBLEU's version of Tercom's normalizer.
 */
export function wordsForTer(
  line: string,
  { normalized, noPunctuation, asianSupport, caseSensitive }: TerWordsOptions,
): string[] {
  let text = caseSensitive ? line : line.toLowerCase();
  if (normalized) {
    text = normalize(text);
    if (asianSupport) text = text.replace(ideographs, " $& ").replace(asianPunctuation, " $& ");
  }
  if (noPunctuation) {
    text = text.replace(punctuation, "");
    if (asianSupport) text = text.replace(asianPunctuation, "");
  }
  return splitWords(text);
}

function normalize(line: string): string {
  const joined = line.replaceAll("\n-", "").replaceAll("\n", " ");
  const separated = separateMarks(` ${replaceEntities(joined)} `);
  return separateStops(separated.replaceAll("'s ", " 's "));
}
