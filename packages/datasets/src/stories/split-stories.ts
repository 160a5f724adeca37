import { type SplitBySourceOptions, splitBySource } from "../parallel/split-by-source.ts";
import type { StoryQuestion } from "./parse-stories.ts";

/**
 * Splits questions by their stories: all questions about one are on the same side. The seed determines which; both lists
 * keep the order.
 *
 * @throws AttendError BAD_ARGUMENT if `heldOut` is out of range: either side gets at least one story
 */
export function splitStories(
  questions: readonly StoryQuestion[],
  options: Pick<SplitBySourceOptions, "heldOut" | "seed">,
): { train: StoryQuestion[]; heldOut: StoryQuestion[] } {
  const about = questions.map((question) => ({ question, source: `${question.storyIndex}` }));
  const { train, heldOut } = splitBySource(about, options);
  return {
    train: train.map((each) => each.question),
    heldOut: heldOut.map((each) => each.question),
  };
}
