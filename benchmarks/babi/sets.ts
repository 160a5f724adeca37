import { type BabiTask, readBabi, type StoryQuestion } from "@attend/datasets";
import type { EncodedStory, Sentence } from "@attend/story-readers";
import { learnWords } from "@attend/text";

/** A question with its answer as a class; -1 if no question of the training part has it. */
export interface Example extends EncodedStory {
  readonly answer: number;
}

/** What a reader is trained and tested on: one task, or all of them. */
export interface StorySet {
  /** Such as `3`, or `joint`. */
  readonly name: string;
  readonly vocabularySize: number;
  readonly answers: readonly string[];
  readonly train: readonly Example[];
  /** The last tenth of each task's training part, to choose by. */
  readonly validation: readonly Example[];
  /** By the number of the task. */
  readonly tests: ReadonlyMap<number, readonly Example[]>;
}

/**
 * Reads tasks, each as a set of its own, or with `joint` all as one set; and their names by number.
 *
 * @throws AttendError DATA_MISSING; the errors of `readBabi`
 */
export async function readSets(
  numbers: readonly number[],
  joint: boolean,
): Promise<{ sets: StorySet[]; names: ReadonlyMap<number, string> }> {
  const tasks = (await readBabi()).filter(({ number }) => numbers.includes(number));
  const groups = joint ? [tasks] : tasks.map((task) => [task]);
  return {
    sets: groups.map((group) => makeSet(joint ? "joint" : `${group[0]?.number}`, group)),
    names: new Map(tasks.map(({ number, name }) => [number, name])),
  };
}

function makeSet(name: string, tasks: readonly BabiTask[]): StorySet {
  const all = tasks.flatMap(({ train }) => train);
  const words = learnWords(all.flatMap(({ story, question }) => [question, ...story]));
  const answers = [...new Set(all.map(({ answer }) => answer))].sort();
  const encode = encoder((text) => words.encode(text), answers);
  const parts = tasks.map(({ train }) => cut(train));
  return {
    name,
    vocabularySize: words.size,
    answers,
    train: parts.flatMap(([train]) => train.map(encode)),
    validation: parts.flatMap(([, validation]) => validation.map(encode)),
    tests: new Map(tasks.map(({ number, test }) => [number, test.map(encode)])),
  };
}

/** Encodes questions; equal sentences become the same array, so that a reader encodes them once. */
function encoder(wordsOf: (text: string) => number[], answers: readonly string[]) {
  const known = new Map<string, Sentence>();
  const encode = (text: string): Sentence => {
    const sentence = known.get(text) ?? wordsOf(text);
    known.set(text, sentence);
    return sentence;
  };
  return ({ story, question, answer }: StoryQuestion): Example => ({
    story: story.map(encode),
    question: encode(question),
    answer: answers.indexOf(answer),
  });
}

function cut<T>(questions: readonly T[]): [train: readonly T[], validation: readonly T[]] {
  const end = Math.round(questions.length * 0.9);
  return [questions.slice(0, end), questions.slice(end)];
}
