import type { Adjunct, Clause } from "./clause.ts";
import {
  clothes,
  games,
  gerunds,
  notColored,
  places,
  postures,
  vague,
  wordSet,
} from "./lexicon.ts";
import type { NounPhrase } from "./phrases.ts";
import { actorOf } from "./things.ts";

/** The types of questions: COCO-QA's four, and two more. */
export type QuestionKind = "object" | "number" | "color" | "place" | "activity" | "yes-no";

/** A question that a caption answers. */
export interface CaptionQuestion {
  readonly kind: QuestionKind;
  readonly question: string;
  readonly answer: string;
}

const question = (kind: QuestionKind, text: string, answer: string): CaptionQuestion => ({
  kind,
  question: text,
  answer,
});

const be = ({ isPlural }: NounPhrase) => (isPlural ? "are" : "is");

const digits = new Map(
  "two three four five six seven eight nine ten"
    .split(" ")
    .map((word, index) => [word, String(index + 2)]),
);

/** "Two dogs play" -> "How many dogs are there?" */
export function numberQuestions(phrases: readonly NounPhrase[]): CaptionQuestion[] {
  return onlyOnes(phrases).flatMap(({ number = "", head, isPlural, name }) => {
    const answer = digits.get(number) ?? (/^(10|[2-9])$/.test(number) ? number : undefined);
    if (answer === undefined || !isPlural || vague.has(head.lemma)) return [];
    return question("number", `How many ${name} are there?`, answer);
  });
}

/** Without things that are named twice: "four birds chase another bird", "a brown dog and a black dog". */
function onlyOnes(phrases: readonly NounPhrase[]): NounPhrase[] {
  return phrases.filter(
    (phrase) =>
      !phrases.some((other) => other !== phrase && other.head.lemma === phrase.head.lemma),
  );
}

/** "A man in a red hat" -> "What color is the man's hat?" */
export function colorQuestions(
  phrases: readonly NounPhrase[],
  clause: Clause | undefined,
): CaptionQuestion[] {
  return onlyOnes(phrases).flatMap((phrase) => {
    const { colors, head, name, isPlural } = phrase;
    // "Purple, blue, green and red costumes" are of many colors.
    if (colors.length === 0 || colors.length > 2 || vague.has(head.lemma)) return [];
    if (notColored.has(head.lemma) || actorOf(head.lemma) === "person") return [];
    const wearer = clothes.has(head.lemma) && clause && wears(clause, phrase);
    const thing = wearer ? `${clause.subject.name}'s ${name}` : name;
    const answer = colors.map((color) => sameColor.get(color) ?? color).join(" and ");
    return question("color", `What color ${isPlural ? "are" : "is"} the ${thing}?`, answer);
  });
}

const sameColor = new Map([
  ["grey", "gray"],
  ["blond", "blonde"],
]);

function wears({ subject, attributes, verb, object }: Clause, { end }: NounPhrase): boolean {
  if (subject.isPlural || actorOf(subject.head.lemma) === undefined) return false;
  return (
    attributes.some(({ preposition, phrase }) => preposition === "in" && phrase.end === end) ||
    (verb === "wearing" && object?.end === end)
  );
}

/** "A cat sits on a couch" -> "What is the cat sitting on?", "What animal is on the couch?" */
export function objectQuestions(clause: Clause): CaptionQuestion[] {
  const { subject, verb, particles, object } = clause;
  if (isVague(subject)) return [];
  const found: CaptionQuestion[] = [];
  const rest = [verb, ...particles].join(" ");
  if (verb !== undefined && object !== undefined && asksFor(clause) && !isVague(object)) {
    // "A dog chases another dog"
    if (object.head.lemma === subject.head.lemma) return [];
    if (!places.has(object.head.lemma)) {
      const asked = isPerson(object) ? "Who" : "What";
      const text = `${asked} ${be(subject)} the ${subject.name} ${rest}?`;
      found.push(question("object", text, object.head.text));
    }
    if (isNamedActor(subject) && !isSaidBy(verb, subject)) {
      const what =
        verb === "playing" && games.has(object.name) ? object.name : `the ${object.name}`;
      found.push(question("object", `${whoIs(subject)} ${rest} ${what}?`, subject.head.text));
    }
  }
  for (const { preposition, phrase } of restsOn(clause)) {
    if (isVague(phrase) || isPerson(phrase)) continue;
    if (isNamedActor(subject) || (!isPerson(subject) && !places.has(phrase.head.lemma))) {
      const isWorn = preposition === "in" && clothes.has(phrase.head.lemma);
      const text = `${whoIs(subject)} ${isWorn ? "wearing" : preposition} the ${phrase.name}?`;
      found.push(question("object", text, subject.head.text));
    }
  }
  return found;
}

const emptyVerbs = wordSet(
  "doing trying going having getting taking making coming being appearing leading showing featuring containing including consisting seeing giving preparing attempting about",
);
/** After these, the noun is no object: "sitting as a man ...", "in front of". */
const noObject = wordSet(
  "as like during after before without than while because of until since if for",
);

function asksFor({ verb = "", particles }: Clause): boolean {
  return !emptyVerbs.has(verb) && !particles.some((word) => noObject.has(word));
}

/** A skier skis: whoever is asked the one need not see the other. */
function isSaidBy(verb: string, { head }: NounPhrase): boolean {
  return head.lemma.startsWith(verb.replace(/ing$/, ""));
}

/** Where a thing is, in "a cat on a couch" and "a cat sitting on a couch". */
function restsOn({ attributes, verb, particles, object }: Clause): Adjunct[] {
  const [preposition = ""] = particles;
  const found =
    verb === undefined
      ? attributes.slice(0, 1)
      : postures.has(verb) && particles.length === 1 && attributes.length === 0 && object
        ? [{ preposition, phrase: object }]
        : [];
  return found.filter((each) => supports.has(each.preposition));
}

const supports = wordSet("on in under inside behind beside");

function whoIs(subject: NounPhrase): string {
  const actor = actorOf(subject.head.lemma);
  return actor === "person" ? "Who is" : actor === "animal" ? "What animal is" : "What is";
}

const isPerson = ({ head }: NounPhrase) => actorOf(head.lemma) === "person";
const isVague = ({ head }: NounPhrase) => vague.has(head.lemma) || head.text.length < 3;
const unnamed = wordSet(
  "person people someone somebody crowd animal family other human figure individual",
);

function isNamedActor({ head }: NounPhrase): boolean {
  return actorOf(head.lemma) !== undefined && !unnamed.has(head.lemma);
}

/** "A dog runs on the beach" -> "Where is the dog running?" */
export function placeQuestions(clause: Clause): CaptionQuestion[] {
  const { subject, attributes, verb, particles, object, adjuncts } = clause;
  if (isVague(subject) || places.has(subject.head.lemma)) return [];
  const where = `Where ${be(subject)} the ${subject.name}`;
  const doing = [verb, ...particles.slice(0, -1)].join(" ");
  const direct =
    object && particles.length > 0 && !gazes.has(verb ?? "")
      ? [{ preposition: particles.at(-1) ?? "", phrase: object }]
      : [];
  const asked = [
    ...direct.map((adjunct) => ({ text: `${where} ${doing}?`, adjunct })),
    ...[...attributes, ...adjuncts].map((adjunct) => ({ text: `${where}?`, adjunct })),
  ];
  return asked.flatMap(({ text, adjunct: { preposition, phrase } }) =>
    locatives.has(preposition) && places.has(phrase.head.lemma)
      ? question("place", text, phrase.head.text)
      : [],
  );
}

const gazes = wordSet("looking staring pointing facing watching");
const locatives = wordSet("in on at through along across down up into inside over");

/** "A man plays tennis" -> "What is the man doing?" */
export function activityQuestions({ subject, verb, particles, object }: Clause): CaptionQuestion[] {
  if (verb === undefined || !activities.has(verb) || isSaidBy(verb, subject)) return [];
  if (actorOf(subject.head.lemma) === undefined) return [];
  const what = particles.length === 0 && object && !isVague(object) ? object.head.lemma : "";
  if (what === "" && ((particles.length === 0 && object !== undefined) || transitive.has(verb))) {
    return [];
  }
  const answer = nameOfActivity.get(`${verb} ${what}`) ?? `${verb} ${what}`.trim();
  return [question("activity", `What ${be(subject)} the ${subject.name} doing?`, answer)];
}

const transitive = wordSet(
  "riding holding carrying throwing catching kicking hitting pushing pulling cutting brushing washing crossing serving preparing performing feeding petting biting chasing pitching licking",
);
const activities = new Set(gerunds.values());
const nameOfActivity = new Map([
  ["riding skateboard", "skateboarding"],
  ["riding surfboard", "surfing"],
  ["riding wave", "surfing"],
  ["surfing wave", "surfing"],
  ["riding snowboard", "snowboarding"],
  ["riding ski", "skiing"],
  ["jumping horse", "jumping"],
  ["jumping bike", "jumping"],
  ["jumping bicycle", "jumping"],
  ["riding bicycle", "riding bike"],
]);
