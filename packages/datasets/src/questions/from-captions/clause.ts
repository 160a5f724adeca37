import { gerunds, wordSet } from "./lexicon.ts";
import { type NounPhrase, nounPhraseAt, thingAt, type Word } from "./phrases.ts";

/** A preposition with its noun phrase: "on the beach". */
export interface Adjunct {
  readonly preposition: string;
  readonly phrase: NounPhrase;
}

/** Who does what where: "a man in a hat is riding a horse on the beach". */
export interface Clause {
  readonly subject: NounPhrase;
  /** Between subject and verb: "in a hat". */
  readonly attributes: readonly Adjunct[];
  /** In -ing; absent in "a cat on a couch". */
  readonly verb?: string;
  /** After the verb, before its object: "up", "at". */
  readonly particles: readonly string[];
  readonly object?: NounPhrase;
  readonly adjuncts: readonly Adjunct[];
}

/** The clause that a caption begins with; undefined if it does not begin with a noun phrase. */
export function clauseOf(words: readonly Word[]): Clause | undefined {
  let at = words[0]?.text === "there" && isBe(words[1]) ? 2 : 0;
  const subject = thingAt(words, at);
  if (subject === undefined) return undefined;
  at = subject.end;
  const attributes = adjunctsAt(words, at);
  at = attributes.at(-1)?.phrase.end ?? at;
  const relative = ["that", "who", "which"].includes(words[at]?.text ?? "");
  if (relative) at++;
  const be = words[at];
  const agrees = isBe(be) && (be?.text === "are") === subject.isPlural;
  if (isBe(be)) at++;
  if (words[at]?.tag === "ADV") at++;
  // In "a man with a dog running", either may run.
  const isClear = attributes.length === 0 ? !isBe(be) || agrees : agrees;
  const verb = isClear ? verbOf(words[at], isBe(be)) : undefined;
  if (verb === undefined) return { subject, attributes, particles: [], adjuncts: [] };
  const particles: string[] = [];
  for (at++; words[at]?.tag === "ADP" || particleWords.has(words[at]?.text ?? ""); at++) {
    particles.push(words[at]?.text ?? "");
  }
  const object = nounPhraseAt(words, at);
  const next = words[object?.end ?? at]?.text ?? "";
  // Of "riding a horse and a bike", neither is the answer; "a bowl of soup" is no bowl.
  const isOne = object !== undefined && !notAlone.has(next);
  return {
    subject,
    attributes,
    verb,
    particles,
    ...(isOne && { object }),
    adjuncts: object === undefined ? [] : adjunctsAt(words, object.end),
  };
}

const notAlone = wordSet("of and or 's ' , & filled full");
const particleWords = wordSet("up down out off away around together next to");

function isBe(word: Word | undefined): boolean {
  return word?.text === "is" || word?.text === "are";
}

/** "riding", or "rides" of an activity; "parked" is none. */
function verbOf(word: Word | undefined, afterBe: boolean): string | undefined {
  if (word === undefined) return undefined;
  const known = gerunds.get(word.text);
  if (word.text.endsWith("ing")) return known ?? (word.tag === "VERB" ? word.text : undefined);
  return afterBe ? undefined : known;
}

function adjunctsAt(words: readonly Word[], start: number): Adjunct[] {
  const adjuncts: Adjunct[] = [];
  for (let at = start; words[at]?.tag === "ADP"; ) {
    const phrase = nounPhraseAt(words, at + 1);
    if (phrase === undefined || words[phrase.end]?.text === "of") break;
    adjuncts.push({ preposition: words[at]?.text ?? "", phrase });
    at = phrase.end;
  }
  return adjuncts;
}
