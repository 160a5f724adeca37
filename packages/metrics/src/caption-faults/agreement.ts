import { collectives, isPlural, wordSet } from "./nouns.ts";

const singularVerbs = wordSet("is was has");
const pluralVerbs = wordSet("are were have");
const one = wordSet("a an one this another each");
const several = wordSet(
  "two three four five six seven eight nine ten several many these those both some few",
);
/** What ends the first noun phrase of a subject. */
const heads = wordSet(
  "of in on with at by near next to for from behind beside under over above below between inside outside around along across through against among atop onto into beneath up down off without like during wearing holding sitting standing riding walking playing looking carrying eating lying laying running jumping",
);
/** What begins another subject, or another clause, whose verb may have another subject. */
const clauses = wordSet(
  "that who which where while as when because so but or if than what whose how watches watch sees this these those one both each other they he she it all , to not can will could would must may does doesn't",
);

/**
 * Finds a subject that disagrees with its verb: `a man are`, `people is`, `a plate of food are`, `there is two dogs`. Only
 * the first verb is judged, and only if nothing before it may be the subject instead.
 *
 * @param words in lowercase; a comma is a word
 * @returns the subject and its verb, or undefined
 */
export function disagreement(words: readonly string[]): string | undefined {
  const verb = words.findIndex((word) => singularVerbs.has(word) || pluralVerbs.has(word));
  if (verb < 1) return undefined;
  const isSingularVerb = singularVerbs.has(words[verb] ?? "");
  const subject = words.slice(0, verb);
  if (subject.at(-1) === "there") {
    const after = words.slice(verb + 1);
    const number = numberOf(after);
    const isWrong = isSingularVerb
      ? number === "plural" && several.has(after[0] ?? "")
      : number === "singular";
    return isWrong ? words.slice(verb - 1, verb + 3).join(" ") : undefined;
  }
  if (subject.some((word, i) => i > 0 && clauses.has(word))) return undefined;
  const number = numberOf(subject);
  const isWrong = isSingularVerb ? number === "plural" : number === "singular";
  return isWrong ? words.slice(0, verb + 1).join(" ") : undefined;
}

/** The number of the noun phrase at the start of `words`, if it is certain. */
function numberOf(words: readonly string[]): "singular" | "plural" | undefined {
  const [first = ""] = words;
  const end = words.findIndex((word, i) => i > 0 && (heads.has(word) || word === "and"));
  const phrase = end === -1 ? words : words.slice(0, end);
  const head = phrase.at(-1) ?? "";
  if (phrase.some((word) => collectives.has(word))) return undefined;
  const and = words.indexOf("and");
  if (and !== -1) {
    const next = words[and + 1] ?? "";
    const joins =
      and === phrase.length && (one.has(next) || several.has(next)) && isPlural(head) !== undefined;
    return joins ? "plural" : undefined;
  }
  if (one.has(first)) return phrase.length > 1 && isPlural(head) !== true ? "singular" : undefined;
  if (several.has(first)) return isPlural(head) === true ? "plural" : undefined;
  return phrase.length === 1 && isPlural(head) === true ? "plural" : undefined;
}
