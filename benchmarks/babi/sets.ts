import { type BabiTask, readBabi, type StoryQuestion } from "@attend/datasets";
import { type StoryExample, storyEncoder } from "@attend/story-readers";
import { learnWords, type Words } from "@attend/text";

/** What a reader is trained and tested on: one task, or all of them. */
export interface StorySet {
  /** Such as `3`, or `joint`. */
  readonly name: string;
  readonly words: Words;
  readonly answers: readonly string[];
  readonly train: readonly StoryExample[];
  /** The last tenth of each task's training part, to choose by. */
  readonly validation: readonly StoryExample[];
  /** By the number of the task. */
  readonly tests: ReadonlyMap<number, readonly StoryExample[]>;
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
  const encodeStory = storyEncoder((text) => words.encode(text));
  const encode = (told: StoryQuestion): StoryExample => {
    return { ...encodeStory(told), answer: answers.indexOf(told.answer) };
  };
  const parts = tasks.map(({ train }) => cut(train));
  return {
    name,
    words,
    answers,
    train: parts.flatMap(([train]) => train.map(encode)),
    validation: parts.flatMap(([, validation]) => validation.map(encode)),
    tests: new Map(tasks.map(({ number, test }) => [number, test.map(encode)])),
  };
}

function cut<T>(questions: readonly T[]): [train: readonly T[], validation: readonly T[]] {
  const end = Math.round(questions.length * 0.9);
  return [questions.slice(0, end), questions.slice(end)];
}
