import { colors, compounds, gerunds, measures, respelled, wordSet } from "./lexicon.ts";
import { actorOf } from "./things.ts";

declare module "wink-nlp" {
  interface ItsHelpers {
    /** Declared so that it can be passed to `out`, as in wink-nlp's documentation. */
    lemma(index: number, data: unknown): string;
  }
}

/** A word of a caption, in lower case, with its part of speech (Universal Dependencies). */
export interface Word {
  readonly text: string;
  readonly tag: string;
  /** Singular. */
  readonly lemma: string;
}

/** "the two black and white dogs" */
export interface NounPhrase {
  /** The index of the word after it. */
  readonly end: number;
  readonly number: string | undefined;
  readonly colors: readonly string[];
  /** The head: "dogs". */
  readonly head: Word;
  /** The head with the nouns before it: "fire dogs". */
  readonly name: string;
  readonly isPlural: boolean;
}

/** Cuts captions into words. */
export type Tagger = (text: string) => readonly Word[];

let tagger: Promise<Tagger> | undefined;

/** Loads the tagger, which takes 0.2 s, once: wink-nlp's model grows each time that it is used anew. */
export function loadTagger(): Promise<Tagger> {
  tagger ??= createTagger();
  return tagger;
}

async function createTagger(): Promise<Tagger> {
  const [{ default: winkNLP }, { default: model }] = await Promise.all([
    import("wink-nlp"),
    import("wink-eng-lite-web-model"),
  ]);
  const { readDoc, its } = winkNLP(model, ["sbd", "pos"]);
  return (caption) => {
    // Capitals would be taken for names, hyphens for dashes.
    const plain = caption
      .toLowerCase()
      .replaceAll("t-shirt", "shirt")
      .replaceAll("-and-", " and ")
      .replaceAll("whilst", "while");
    const tokens = readDoc(plain).tokens();
    const tags = tokens.out(its.pos);
    const lemmas = tokens.out(its.lemma);
    return joined(
      tokens.out().map((text, index) => ({
        text,
        tag: tags[index] ?? "X",
        lemma: lemmas[index] ?? text,
      })),
    );
  };
}

/** Joins the words of compounds. */
function joined(words: readonly Word[]): Word[] {
  const result: Word[] = [];
  for (const word of words) {
    const before = result.at(-1);
    const name = `${before?.text} ${word.lemma}`;
    const lemma = respelled.get(name) ?? (compounds.has(name) ? name : undefined);
    if (before === undefined || lemma === undefined) result.push(word);
    else {
      // "skate boards" -> "skateboards"
      const text = respelled.has(name)
        ? lemma + word.text.slice(word.lemma.length)
        : `${before.text} ${word.text}`;
      result[result.length - 1] = { text, tag: "NOUN", lemma };
    }
  }
  return result;
}

const determiners = wordSet(
  "a an the this that these those some his her their its another several many no each",
);
const irregularPlurals = wordSet("people men women children police cattle");
/** Things in two parts are plural: "pants", "glasses". */
const pairs = wordSet("pants shorts jeans glasses sunglasses goggles trunks skis scissors");

/** The noun phrase that begins at a word, if one does. */
export function nounPhraseAt(words: readonly Word[], start: number): NounPhrase | undefined {
  let at = start;
  const hasDeterminer = determiners.has(words[at]?.text ?? "");
  if (hasDeterminer) at++;
  let number: string | undefined;
  const found: string[] = [];
  const nouns: Word[] = [];
  for (let word = words[at]; word !== undefined; word = words[++at]) {
    const { text, tag } = word;
    const before = nouns.at(-1);
    // After a noun, "jumps" and "standing" are verbs, whatever the tagger says.
    if (before !== undefined && isVerbAfter(before, word)) break;
    // "Each other playing basketball"
    if (takingObjects.has(text)) break;
    // "A fair skinned boy", however it is tagged
    const isParticiple = text.endsWith("ed") && !colors.has(text) && !nounsInEd.has(text);
    // "A white tiled bathroom" is not white.
    if (isParticiple) found.length = 0;
    if (before === undefined && colors.has(text)) found.push(text);
    else if (before === undefined && (text === "and" || text === "," || text === "-")) {
      if (found.length === 0 || !colors.has(words[at + 1]?.text ?? "")) break;
    } else if (!isParticiple && (tag === "NOUN" || tag === "PROPN" || isNounAfter(before, word))) {
      // "Men wearing tuxedos glance"
      if (before !== undefined && isPluralWord(before)) break;
      nouns.push(word);
    } else if (before !== undefined) {
      // "A snow covered hill" is a hill.
      if (!isParticiple || words[at + 1]?.tag !== "NOUN") break;
      nouns.length = 0;
    } else if (tag === "NUM") number = text;
    // "With three other children" there are four.
    else if (text === "other" || text === "more") number = undefined;
    else if (tag !== "ADJ" && !isParticiple) break;
  }
  const head = nouns.at(-1);
  if (head === undefined || words[at]?.text === "-") return undefined;
  // "Practices boxing"
  if (head.text.endsWith("ing") && !nounsInIng.has(head.text)) return undefined;
  // "Players in red stretch"
  if (!hasDeterminer && nouns.length === 1 && gerunds.has(head.text) && found.length > 0) {
    return undefined;
  }
  const isPlural = pairs.has(head.text) || isPluralWord(head);
  const name = nouns
    .filter((noun) => noun === head || !noun.text.endsWith("ing"))
    .slice(-2)
    .map(({ text }) => text)
    .join(" ");
  return { end: at, number, colors: found, head, name, isPlural };
}

/** Before a noun, these have it as an object: "playing cards" are rare. */
const takingObjects = wordSet(
  "wearing playing holding riding carrying throwing catching hitting kicking eating using pulling pushing",
);
const nounsInIng = wordSet(
  "building painting ring wing string ceiling clothing railing swing wedding king spring lighting crossing icing frosting topping landing thing dressing pudding",
);

const nounsInEd = wordSet(
  "bed red sled bobsled shed weed seaweed seed feed speed reed breed steed moped tweed bunkbed flatbed flowerbed",
);

function isPluralWord({ text, lemma }: Word): boolean {
  return text !== lemma || irregularPlurals.has(text);
}

function isVerbAfter(noun: Word, { text, lemma }: Word): boolean {
  const isPlural = isPluralWord(noun);
  if (text.endsWith("ing") && !nounsInIng.has(text)) return true;
  if (gerunds.has(text)) return text.endsWith("s") !== isPlural;
  // "A dog bounds": other verbs are not known, but dogs are.
  return !isPlural && actorOf(noun.lemma) !== undefined && text === `${lemma}s`;
}

/** "A marble sink", "a train stop": after one thing, a verb would end in -s. */
function isNounAfter(noun: Word | undefined, { text, tag, lemma }: Word): boolean {
  if (noun === undefined || tag !== "VERB" || text !== lemma || gerunds.has(text)) return false;
  return !isPluralWord(noun) && actorOf(noun.lemma) === undefined;
}

/** The noun phrase at a word; of "a group of dogs", the dogs. */
export function thingAt(words: readonly Word[], start: number): NounPhrase | undefined {
  const phrase = nounPhraseAt(words, start);
  if (phrase === undefined || words[phrase.end]?.text !== "of") return phrase;
  if (!measures.has(phrase.head.text)) return undefined;
  return nounPhraseAt(words, phrase.end + 1);
}

/** All noun phrases of a caption. */
export function nounPhrases(words: readonly Word[]): NounPhrase[] {
  const phrases: NounPhrase[] = [];
  for (let at = 0; at < words.length; ) {
    const phrase = nounPhraseAt(words, at);
    if (phrase !== undefined) phrases.push(phrase);
    at = phrase?.end ?? at + 1;
  }
  return phrases;
}
