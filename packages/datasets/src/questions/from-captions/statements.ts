import { games, gerunds, postures, wordSet } from "./lexicon.ts";
import { nounPhrases, type Word } from "./phrases.ts";
import type { QuestionKind } from "./templates.ts";
import { kindsOf, things } from "./things.ts";

/** Something true of a photo, which is asked with "yes", and of other photos with "no". */
export interface Statement {
  readonly image: number;
  readonly line: number;
  /** Statements of a group can be exchanged: of animals, of a shirt's color, of what the man does. */
  readonly group: string;
  readonly value: string;
  /** Whether another value may be true of this photo, too. */
  readonly allows: (value: string) => boolean;
  /** The ways to ask for a value. */
  readonly questions: (value: string) => readonly string[];
}

/** A question about a photo, with the answers of all captions that answer it. */
export interface Asked {
  readonly kind: QuestionKind;
  readonly question: string;
  readonly answers: readonly string[];
  /** Of the first such caption. */
  readonly line: number;
}

/** A photo's captions, and the questions that they answer. */
export interface Photo {
  readonly image: number;
  readonly captions: readonly { readonly words: readonly Word[]; readonly line: number }[];
  readonly asked: readonly Asked[];
}

/** What the captions of a photo say, for questions with yes and no. */
export function statementsOf(photo: Photo): Statement[] {
  return [...thingStatements(photo), ...colorStatements(photo), ...activityStatements(photo)];
}

/** "A dog" -> "Is there a dog in the picture?"; a thing that no caption names is absent. */
function thingStatements({ image, captions }: Photo): Statement[] {
  const shown = new Map<string, { kind: number; lines: number[] }>();
  const named = new Set<string>();
  const open = new Set<number>();
  for (const { words, line } of captions) {
    // A "bus stop" is no bus, but there may be one.
    for (const word of words.flatMap(({ lemma }) => [lemma, ...lemma.split(" ")])) {
      const name = things.get(word)?.name;
      if (name !== undefined) named.add(name);
      for (const kind of kindsOf(word)) open.add(kind);
    }
    // In "a car window" there may be no car.
    for (const { head } of nounPhrases(words)) {
      const thing = things.get(head.lemma);
      if (thing === undefined) continue;
      const { kind, lines } = shown.get(thing.name) ?? { kind: thing.kind, lines: [] };
      if (lines.at(-1) !== line) shown.set(thing.name, { kind, lines: [...lines, line] });
    }
  }
  // What one of five captions names, the others may not see.
  const needed = captions.length > 2 ? 2 : 1;
  return [...shown].flatMap(([value, { kind, lines }]) => {
    const [line] = lines;
    if (line === undefined || lines.length < needed) return [];
    const allows = (other: string) => named.has(other) || open.has(kind);
    return { image, line, group: `thing ${kind}`, value, allows, questions: thingQuestions };
  });
}

function thingQuestions(name: string): string[] {
  const a = name === "broccoli" ? "any" : /^[aeiou]/.test(name) ? "an" : "a";
  return [
    `Is there ${a} ${name}?`,
    `Is there ${a} ${name} in the picture?`,
    `Can you see ${a} ${name}?`,
    `Does the photo show ${a} ${name}?`,
  ];
}

/** "What color is the shirt?" red -> "Is the shirt red?" */
function colorStatements({ image, asked }: Photo): Statement[] {
  return asked.flatMap(({ kind, question, answers: [answer = ""], line }) => {
    if (kind !== "color") return [];
    const [, be, thing] = /^What color (is|are) (.*)\?$/.exec(question) ?? [];
    return {
      image,
      line,
      group: question,
      value: answer,
      allows: (other) => other.split(" and ").some((color) => isLike(color, answer)),
      questions: (color) => [`${be === "are" ? "Are" : "Is"} ${thing} ${color}?`],
    };
  });
}

/** Colors that one person calls this and another that. */
const alike = [
  "brown tan beige orange blonde red",
  "gray silver white blue black",
  "yellow blonde tan orange gold",
  "pink purple red",
].map(wordSet);

function isLike(color: string, colors: string): boolean {
  return colors
    .split(" and ")
    .some((each) => each === color || alike.some((set) => set.has(color) && set.has(each)));
}

/** Who surfs may smile, too. */
const beside = wordSet(
  "playing smiling laughing talking working performing racing serving crossing cheering celebrating wading",
);

/** Who does one of these may do another. */
const lively = wordSet("running jumping leaping chasing fetching");

/** Whether captions would name an activity that is seen. */
function isExclusive(activity: string): boolean {
  const [verb = "", object] = activity.split(" ");
  if (object !== undefined) return verb === "playing" && games.has(object);
  return !postures.has(verb) && !beside.has(verb);
}

/** "What is the man doing?" surfing -> "Is the man surfing?" */
function activityStatements({ image, captions, asked }: Photo): Statement[] {
  const mentioned = new Set(
    captions.flatMap(({ words }) => words.map(({ text }) => gerunds.get(text) ?? text)),
  );
  return asked.flatMap(({ kind, question, answers: [answer = ""], line }) => {
    if (kind !== "activity" || !isExclusive(answer)) return [];
    const [, be, thing] = /^What (is|are) (.*) doing\?$/.exec(question) ?? [];
    return {
      image,
      line,
      group: question,
      value: answer,
      allows: (other) =>
        other.split(" ").some((word) => mentioned.has(word)) ||
        (lively.has(other) && [...lively].some((activity) => mentioned.has(activity))),
      questions: (activity) => [`${be === "are" ? "Are" : "Is"} ${thing} ${activity}?`],
    };
  });
}
