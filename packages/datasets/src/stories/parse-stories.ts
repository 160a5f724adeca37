import { AttendError } from "@attend/runtime/errors";
import { quoted } from "../name-some.ts";

/** A question about a story, with all that was told before it. */
export interface StoryQuestion {
  /** The sentences of the story so far, in order, without other questions. */
  readonly story: readonly string[];
  readonly question: string;
  readonly answer: string;
  /** The indices in `story` of the sentences that the answer follows from, if they are told. */
  readonly support: readonly number[];
  /** Which story of the text it is about, from 0; several questions may be about one. */
  readonly storyIndex: number;
}

const linePattern = /^(\d+) +(\S.*)$/;

/**
 * Reads stories with questions in the format of bAbI (Weston et al. 2015): numbered lines, where 1 begins a new story,
 * and a question is followed by its answer and by the numbers of the supporting sentences, separated by tabs:
 *
 *     1 Mary moved to the bathroom.
 *     2 John went to the hallway.
 *     3 Where is Mary?<tab>bathroom<tab>1
 *
 * @param source names the text in errors
 * @throws AttendError BAD_DATA naming the first line that is not of this format, or if there is no question
 */
export function parseStories(text: string, source = "the stories"): StoryQuestion[] {
  const questions: StoryQuestion[] = [];
  let storyIndex = -1;
  let story: string[] = [];
  /** The index in `story` of each sentence's number. */
  let indices = new Map<number, number>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const fail = (problem: string) =>
      new AttendError("BAD_DATA", `${source} line ${index + 1} ${problem}; write it as in bAbI`);
    const [, digits, rest = ""] = linePattern.exec(line) ?? [];
    if (digits === undefined) throw fail(`has no number: ${quoted(line)}`);
    const number = Number(digits);
    if (number === 1 || storyIndex < 0) {
      storyIndex++;
      [story, indices] = [[], new Map()];
    }
    const [sentence = "", answer, support = ""] = rest.split("\t").map((field) => field.trim());
    if (answer === undefined) {
      indices.set(number, story.length);
      story.push(sentence);
      continue;
    }
    if (answer === "") throw fail("has a question without an answer");
    const supporting = support.split(/\s+/).filter((each) => each !== "");
    const found = supporting.map((each) => indices.get(Number(each)));
    const unknown = supporting.find((_, i) => found[i] === undefined);
    if (unknown !== undefined)
      throw fail(`is supported by ${quoted(unknown)}, no sentence before it`);
    questions.push({
      story: [...story],
      question: sentence,
      answer,
      support: found.filter((each) => each !== undefined),
      storyIndex,
    });
  }
  if (questions.length > 0) return questions;
  throw new AttendError(
    "BAD_DATA",
    `${source} has no questions; give them their answers after a tab`,
  );
}
