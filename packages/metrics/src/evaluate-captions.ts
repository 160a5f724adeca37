import { AttendError } from "@attend/runtime/errors";
import { type Bleu, scoreBleu } from "./bleu.ts";
import { scoreCider } from "./cider.ts";
import type { References, Sentence } from "./corpus.ts";
import { scoreMeteor } from "./meteor.ts";
import { scoreRougeL } from "./rouge.ts";

/** Caption metrics. What COCO and papers call 'CIDEr' is `ciderD`. */
export interface CaptionScores {
  readonly bleu: Bleu;
  readonly rougeL: number;
  readonly cider: number;
  readonly ciderD: number;
  /** Uses only the exact and stem matchers. */
  readonly meteor: number;
}

/** One entry per image: in a fixed order, or keyed by image name. */
type ByImage<Entry> = readonly Entry[] | ReadonlyMap<string, Entry>;

/**
 * All caption metrics in one call.
 *
 * @param candidates the caption of each image, tokenized by `tokenize` from @attend/text.
 * @param references the human captions of each image, in the same form and order; if both are maps,
 * order does not matter.
 * @param options `perImage` adds the scores of each image, in the order of `candidates`.
 * @throws AttendError BAD_DATA if there are no images, or an image has no candidate or no
 * reference.
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

/** Candidates and references in the same order. */
function pair(
  candidates: ByImage<Sentence>,
  references: ByImage<readonly Sentence[]>,
): [readonly Sentence[], References] {
  const byName = (entries: ByImage<unknown>) => entries instanceof Map;
  if (byName(candidates) !== byName(references)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      "one of candidates and references is an array and the other a map; pass two arrays in the same order or two maps keyed by image",
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
    `image ${name} has no ${what}; add one or leave the image out of both`,
  );
}
