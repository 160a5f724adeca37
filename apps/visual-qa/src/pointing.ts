import { cocoClassesIn, type ObjectBox } from "@attend/datasets";
import { groundingAccuracy } from "@attend/metrics";
import { answerOf, type QuestionOnPhoto } from "./dataset.ts";
import type { Scored } from "./scored.ts";

/** How often the model looked at the object in question, 0 to 1. */
export interface PointingScores {
  readonly questions: number;
  /** Of each hop. */
  readonly hops: readonly number[];
  /** Of always looking at the middle of the photo. */
  readonly center: number;
}

/**
 * The objects that a question is about, among those of its photo: of the class that its answer names, or else of the
 * first one that the question names.
 */
export function objectsInQuestion(
  { question, answers }: Pick<QuestionOnPhoto, "question" | "answers">,
  objects: readonly ObjectBox[],
): ObjectBox[] {
  const named = [answerOf({ answers }), question].flatMap((text) =>
    cocoClassesIn(text.toLowerCase().match(/[a-z]+/g) ?? []),
  );
  const present = named.find(({ name }) => objects.some((object) => object.name === name));
  return objects.filter(({ name }) => name === present?.name);
}

/**
 * The pointing game, see `groundingAccuracy`, of the questions that are about objects.
 *
 * @param objects that each question is about; may be empty
 * @returns undefined without attention or objects
 */
export function scorePointing(
  scored: readonly Pick<Scored, "attention">[],
  objects: readonly (readonly ObjectBox[])[],
): PointingScores | undefined {
  const looked = scored.flatMap(({ attention }, i) => {
    const boxes = objects[i] ?? [];
    return attention === undefined || boxes.length === 0 ? [] : [{ ...attention, boxes }];
  });
  const count = looked[0]?.hops.length ?? 0;
  const hops = Array.from({ length: count }, (_, hop) =>
    groundingAccuracy(
      looked.map(({ grid, hops, boxes }) => {
        return { grid, boxes, attention: hops[hop] ?? [] };
      }),
    ),
  );
  const [first] = hops;
  if (first === undefined) return undefined;
  return {
    questions: looked.length,
    hops: hops.map(({ score }) => score),
    center: first.center,
  };
}
