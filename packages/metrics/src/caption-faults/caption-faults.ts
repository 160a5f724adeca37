import { disagreement } from "./agreement.ts";
import { isPlural, singularNouns, wordSet } from "./nouns.ts";

/** What may be wrong with a caption's language. */
export const captionFaultKinds = ["agreement", "repetition", "determiner", "unfinished"] as const;

/** A fault of a caption's language. */
export interface CaptionFault {
  readonly kind: (typeof captionFaultKinds)[number];
  /** The words at fault. */
  readonly words: string;
}

/**
 * Finds faults of language that captioning models commit, by rules that leave people's captions alone: a subject that
 * disagrees with its verb (`a plate of food are`), a word twice in a phrase (`a woman and woman`), a wrong determiner
 * (`a apples`), an unfinished caption (`a man in a`). English only.
 */
export function captionFaults(caption: string): CaptionFault[] {
  const words =
    caption
      .toLowerCase()
      .replaceAll("’", "'")
      .replaceAll(/[.;:!?"]+(?=.)/gu, ",")
      .match(/[\p{L}\p{N}][\p{L}\p{N}'-]*|,/gu) ?? [];
  const found = {
    agreement: disagreement(words),
    repetition: firstOf(words, repetitionAt),
    determiner: firstOf(words, determinerAt),
    unfinished: unfinished.has(words.at(-1) ?? "") ? words.slice(-3).join(" ") : undefined,
  };
  return captionFaultKinds.flatMap((kind) => {
    const at = found[kind];
    return at === undefined ? [] : [{ kind, words: at }];
  });
}

function firstOf(
  words: readonly string[],
  find: (words: readonly string[], at: number) => string | undefined,
): string | undefined {
  for (const at of words.keys()) {
    const found = find(words, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

const unfinished = wordSet("a an the of with and or but their its some very");

const one = wordSet("a an");
const determiners = wordSet("a an the his her their its");
const joiners = wordSet("and in on with of near at to by for from next front top");
/** `over and over`, `a choo choo train`. */
const doubled = wordSet(
  "over again round around up on down through more and had that choo bye yo tuk beep ha knock so very really out back side face hand half two three one bang hip ok ring red orange yellow green blue purple pink brown black white gray grey",
);

/** `a a`, `man man`; `woman and woman`, `dog and a dog`, `water in a water`. */
function repetitionAt(words: readonly string[], at: number): string | undefined {
  const word = words[at] ?? "";
  if (word === "," || doubled.has(word)) return undefined;
  if (words[at + 1] === word) return `${word} ${word}`;
  let next = at + 1;
  while (joiners.has(words[next] ?? "")) next++;
  if (next === at + 1) return undefined;
  const isJoinedByAnd = words[at + 1] === "and" && next === at + 2;
  if (isJoinedByAnd ? one.has(words[next] ?? "") : determiners.has(words[next] ?? "")) next++;
  else if (!isJoinedByAnd) return undefined;
  // `a train on a train track`
  const isWrong = words[next] === word && endsPhrase(words[next + 1]);
  return isWrong ? words.slice(at, next + 1).join(" ") : undefined;
}

const consonantSounds =
  /^(?:one|once|uni(?!n|m)|us[eu]|eu|ewe|u-|utensil|ukulele|utility|ubiq|unanim)/;
const vowelSounds =
  /^(?:hour|honest|honor|heir|herb|[fhlmnrsx][^aeiouy]*$|(?:suv|nba|led|xbox)$|x-)/;
const eitherSound = wordSet("historic historical hotel");
/** What follows a noun. */
const afterNoun = wordSet(
  "is are was were has have in on with of near at by next and to for from while wearing holding sitting standing riding , that who playing walking running",
);
const endsPhrase = (next: string | undefined) => next === undefined || afterNoun.has(next);
const numbers = wordSet("two three four five six several many these those");

/** `a apple`, `a the`, `a men`, `a dogs in`, `two dog are`. */
function determinerAt(words: readonly string[], at: number): string | undefined {
  const [word = "", next, after] = words.slice(at, at + 3);
  if (next === undefined) return undefined;
  const isBeforeEnd = endsPhrase(after);
  const isWrong = () => {
    if (numbers.has(word)) return isBeforeEnd && singularNouns.has(next);
    if (word !== "a" && word !== "an") return word === "the" && determiners.has(next);
    if (determiners.has(next)) return true;
    if (!/^[a-z]{2}/.test(next)) return false;
    if (!eitherSound.has(next) && (word === "an") !== soundsLikeVowel(next)) return true;
    return isBeforeEnd && isPlural(next) === true;
  };
  return isWrong() ? words.slice(at, at + 3).join(" ") : undefined;
}

function soundsLikeVowel(word: string): boolean {
  return vowelSounds.test(word) || (/^[aeiou]/.test(word) && !consonantSounds.test(word));
}
