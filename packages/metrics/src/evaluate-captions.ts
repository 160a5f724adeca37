import { AttendError } from "@attend/runtime/errors";
import { type Bleu, scoreBleu } from "./bleu.ts";
import { scoreCider } from "./cider.ts";
import type { References, Sentence } from "./corpus.ts";
import { scoreMeteor } from "./meteor.ts";
import { scoreRougeL } from "./rouge.ts";

/** The metrics of captioning. What COCO and papers call 'CIDEr' is `ciderD`. */
export interface CaptionScores {
  readonly bleu: Bleu;
  readonly rougeL: number;
  readonly cider: number;
  readonly ciderD: number;
  /** With the modules exact and stem only. */
  readonly meteor: number;
}

/** One entry an image: in a fixed order, or by the image's name. */
type ByImage<Entry> = readonly Entry[] | ReadonlyMap<string, Entry>;

/**
 * All caption metrics in one call.
 *
 * @param candidates the caption of each image, as `tokenize` of @attend/text gives it.
 * @param references the captions that people wrote for each image, in the same form and order; of two
 * maps the order does not matter.
 * @param options `perImage` adds each image's own scores, in the order of `candidates`.
 * @throws AttendError BAD_DATA where an image has no candidate or no reference, or there is no image.
 */
export function evaluateCaptions(
  candidates: ByImage<Sentence>,
  references: ByImage<readonly Sentence[]>,
  options: { perImage: true },
): CaptionScores & { perImage: CaptionScores[] };
export function evaluateCaptions(
  candidates: ByImage<Sentence>,
  references: ByImage<readonly Sentence[]>,
  options?: { perImage?: boolean },
): CaptionScores;
export function evaluateCaptions(
  candidates: ByImage<Sentence>,
  references: ByImage<readonly Sentence[]>,
  options: { perImage?: boolean } = {},
): CaptionScores & { perImage?: CaptionScores[] } {
  const [captions, corpus] = pair(candidates, references);
  const bleu = scoreBleu(captions, corpus);
  const rougeL = scoreRougeL(captions, corpus);
  const cider = scoreCider(captions, corpus, { variant: "cider" });
  const ciderD = scoreCider(captions, corpus, { variant: "cider-d" });
  const meteor = scoreMeteor(captions, corpus);
  const scores: CaptionScores = {
    bleu: bleu.score,
    rougeL: rougeL.score,
    cider: cider.score,
    ciderD: ciderD.score,
    meteor: meteor.score,
  };
  if (!options.perImage) return scores;
  const perImage = captions.map((_, image) => ({
    bleu: bleu.perImage[image]!,
    rougeL: rougeL.perImage[image]!,
    cider: cider.perImage[image]!,
    ciderD: ciderD.perImage[image]!,
    meteor: meteor.perImage[image]!,
  }));
  return { ...scores, perImage };
}

/** Candidates and references in one order. */
function pair(
  candidates: ByImage<Sentence>,
  references: ByImage<readonly Sentence[]>,
): [readonly Sentence[], References] {
  const byName = (entries: ByImage<unknown>) => entries instanceof Map;
  if (byName(candidates) !== byName(references)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      "Candidates and references are two arrays in the same order or two maps by image, but one of each was given.",
    );
  }
  if (!(candidates instanceof Map) || !(references instanceof Map)) {
    return [[...candidates.values()], [...references.values()]];
  }
  for (const name of references.keys()) {
    if (!candidates.has(name)) throw missing("candidate", name);
  }
  const corpus = [...candidates.keys()].map((name) => {
    const sentences = references.get(name);
    if (sentences === undefined) throw missing("reference", name);
    return sentences;
  });
  return [[...candidates.values()], corpus];
}

function missing(what: string, name: string): AttendError {
  return new AttendError(
    "BAD_DATA",
    `The image ${name} has no ${what}; give one or leave the image out on both sides.`,
  );
}
