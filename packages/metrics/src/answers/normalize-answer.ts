import { splitWords, trimEnd, trimStart } from "../translation/white-space.ts";

const numberWords: ReadonlyMap<string, string> = new Map([
  ["none", "0"],
  ..."zero one two three four five six seven eight nine ten"
    .split(" ")
    .map((word, value) => [word, String(value)] as const),
]);
const articles: ReadonlySet<string> = new Set(["a", "an", "the"]);
const punctuation = Array.from(';/[]"{}()=+\\_-><@`,?!');

/** The contractions that the official script restores; it misses others, such as "she'll". */
const contractions =
  "ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't " +
  "haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am might've mightn't " +
  "mightn't've must've mustn't needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've " +
  "shouldn't shouldn't've somebody'd've somebody'll somebody's someone'd someone'd've someone'll " +
  "someone's something'd something'd've something'll that's there'd there'd've there're there's " +
  "they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't what'll what're " +
  "what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're " +
  "why's won't would've wouldn't wouldn't've y'all y'all'd've y'all'll you'd you'd've you'll " +
  "you're you've";

/** From a contraction without one of its apostrophes to the contraction. */
const restored: ReadonlyMap<string, string> = new Map([
  ...contractions
    .split(" ")
    .flatMap((word) =>
      Array.from(word.matchAll(/'/g), ({ index }): [string, string] => [
        word.slice(0, index) + word.slice(index + 1),
        word,
      ]),
    ),
  // The wrong way round in the official script.
  ["somebody'd", "somebodyd"],
]);

/**
 * An answer as the VQA evaluation compares it: lower case; without articles, most punctuation, and
 * periods that no digit follows; number words up to ten as digits ("none" is 0); apostrophes
 * restored. Equal to GT-Vision-Lab/VQA's vqaEval.py run by Python 3, and so also does what that
 * probably did not intend: a comma between digits removes all punctuation instead of putting
 * spaces, and only the first 32 periods are removed.
 */
export function normalizeAnswer(answer: string): string {
  const words = splitWords(removePunctuation(trimAnswer(answer)).toLowerCase())
    .map((word) => numberWords.get(word) ?? word)
    .filter((word) => !articles.has(word));
  return words.map((word) => restored.get(word) ?? word).join(" ");
}

/** All that the official script changes in an answer on which everyone agrees. */
export function trimAnswer(answer: string): string {
  return trimStart(trimEnd(answer.replace(/[\n\t]/g, " ")));
}

function removePunctuation(answer: string): string {
  const hasCommaInNumber = /\p{Nd},\p{Nd}/u.test(answer);
  let text = answer;
  for (const mark of punctuation) {
    const isBesideSpace = answer.includes(`${mark} `) || answer.includes(` ${mark}`);
    text = text.replaceAll(mark, isBesideSpace || hasCommaInNumber ? "" : " ");
  }
  let periods = 0;
  return text.replace(/\.(?!\p{Nd})/gu, (period) => (periods++ < 32 ? "" : period));
}
