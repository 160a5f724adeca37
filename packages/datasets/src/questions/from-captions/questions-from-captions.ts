import { setImmediate } from "node:timers/promises";
import { createRandom } from "@attend/runtime/random";
import type { CaptionedImage, CaptionSet } from "../../captions/caption-set.ts";
import type { QuestionRow } from "../question-row.ts";
import { balancedPairs } from "./balanced-pairs.ts";
import { clauseOf } from "./clause.ts";
import { postures } from "./lexicon.ts";
import { loadTagger, nounPhrases, type Tagger } from "./phrases.ts";
import { type Asked, type Photo, statementsOf } from "./statements.ts";
import {
  activityQuestions,
  colorQuestions,
  numberQuestions,
  objectQuestions,
  placeQuestions,
} from "./templates.ts";

/** How questions are made. */
export interface QuestionsFromCaptionsOptions {
  /** Chooses the pairs of photos that are asked the same question, and its words. */
  readonly seed: number;
  /** Called after each hundred photos. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Makes questions about photos from their English captions, as COCO-QA was made (Ren et al. 2015, section
 * 3.2): objects, numbers, colors, places; also activities, and yes or no in balanced pairs: each of these
 * questions is asked of two photos, with both answers. A word that no caption of a photo names, nor
 * a more general one, counts as absent. Deterministic.
 *
 * @returns rows in the order of the photos; `source` is the type, such as `captions-object`, `file` the
 *   set's name, `line` a caption that answers; several captions' answers are all given
 */
export async function questionsFromCaptions(
  { source, images }: CaptionSet,
  { seed, onProgress }: QuestionsFromCaptionsOptions,
): Promise<QuestionRow[]> {
  const tag = await loadTagger();
  const photos: Photo[] = [];
  for (const image of images) {
    photos.push(readPhoto(image, photos.length, tag));
    if (photos.length % 100 !== 0) continue;
    onProgress?.(photos.length, images.length);
    await setImmediate(); // So that a progress bar is drawn.
  }
  const asked = photos.map((photo) => [...photo.asked]);
  const random = createRandom(seed);
  for (const { of, question, answer } of balancedPairs(photos.flatMap(statementsOf), random)) {
    asked[of.image]?.push({ kind: "yes-no", question, answers: [answer], line: of.line });
  }
  return images.flatMap(({ id, file }, index) =>
    (asked[index] ?? []).map(({ kind, question, answers, line }) => ({
      image: id,
      photo: file,
      question,
      answers,
      source: `captions-${kind}`,
      file: source,
      line,
    })),
  );
}

function readPhoto({ captions: texts }: CaptionedImage, image: number, tag: Tagger): Photo {
  const captions = texts.map(({ text, line }) => ({ words: tag(text), line }));
  const byQuestion = new Map<string, Asked>();
  for (const { words, line } of captions) {
    const clause = clauseOf(words);
    const phrases = nounPhrases(words);
    const found = [
      ...numberQuestions(phrases),
      ...colorQuestions(phrases, clause),
      ...(clause === undefined
        ? []
        : [objectQuestions, placeQuestions, activityQuestions].flatMap((of) => of(clause))),
    ];
    for (const { kind, question, answer } of found) {
      const known = byQuestion.get(question);
      const answers = [...(known?.answers ?? []), answer];
      byQuestion.set(question, { kind, question, answers, line: known?.line ?? line });
    }
  }
  const asked = [...byQuestion.values()].map(withoutPostures).filter(isConsistent);
  return { image, captions, asked };
}

/** Captions must agree on a number or color: there may be two shirts. */
function isConsistent({ kind, answers }: Asked): boolean {
  return (kind !== "number" && kind !== "color") || new Set(answers).size === 1;
}

/** Another activity says more than "standing". */
function withoutPostures(asked: Asked): Asked {
  if (asked.kind !== "activity") return asked;
  const active = asked.answers.filter((answer) => !postures.has(answer.split(" ")[0] ?? ""));
  return active.length > 0 ? { ...asked, answers: active } : asked;
}
