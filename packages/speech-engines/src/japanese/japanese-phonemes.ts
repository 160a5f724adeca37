import { kanaPhonemes } from "./kana-phonemes.ts";

/** A word of a Japanese text. */
export interface Word {
  readonly surface: string;
  /** How it is pronounced, in kana; a mark is its own reading. */
  readonly reading: string;
}

/**
 * Kokoro's phonemes for a text, as misaki 0.7.4 writes them: words with spaces between them.
 *
 * @param known words of a dictionary; neighbors that are one of them together are one word
 */
export function japanesePhonemes(words: readonly Word[], known: ReadonlySet<string>): string {
  let text = "";
  let space = false;
  for (const { surface, reading } of joinKnown(words, known)) {
    const sounds = kanaPhonemes(reading);
    const closes = "」』»".includes(surface) || /^[\]).,?!:»]/.test(sounds);
    const opens = "「『«".includes(surface);
    if (sounds === "") continue;
    text += (space || opens) && !closes && text !== "" ? ` ${sounds}` : sounds;
    space = sounds !== " ";
  }
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/(?<![!",.:;?»—…”]) (?=ʔ)|(?<=ʔ) (?!["«“])/g, "");
}

/** Joins the longest neighbors that make a known word. */
function joinKnown(words: readonly Word[], known: ReadonlySet<string>): Word[] {
  const joined: Word[] = [];
  for (let at = 0; at < words.length; ) {
    const word = longestAt(words, at, known);
    joined.push({
      surface: word.map(({ surface }) => surface).join(""),
      reading: word.map(({ reading }) => reading).join(""),
    });
    at += word.length;
  }
  return joined;
}

/** Longer ones are not in the dictionary. */
const mostWords = 12;

function longestAt(
  words: readonly Word[],
  at: number,
  known: ReadonlySet<string>,
): readonly Word[] {
  for (let length = Math.min(mostWords, words.length - at); length > 1; length--) {
    const candidate = words.slice(at, at + length);
    if (known.has(candidate.map(({ surface }) => surface).join(""))) return candidate;
  }
  return words.slice(at, at + 1);
}
