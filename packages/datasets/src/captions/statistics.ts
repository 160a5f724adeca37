import type { CaptionSet } from "./caption-set.ts";
import { wordsOf } from "./words.ts";

export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly median: number;
  /** At most 5 % of the values are above. */
  readonly percentile95: number;
  readonly max: number;
}

export interface CaptionStatistics {
  readonly photos: number;
  readonly captions: number;
  readonly captionsPerPhoto: Spread;
  /** White-space separated words, those without a letter or digit not counted. */
  readonly wordsPerCaption: Spread;
  /** Lower-cased. */
  readonly distinctWords: number;
}

/** What a set holds; of an empty one, every number is 0. */
export function statistics({ images }: CaptionSet): CaptionStatistics {
  const captions = images.flatMap((image) => image.captions.map((caption) => caption.text));
  const words = captions.map((text) => wordsOf(text.toLowerCase()));
  return {
    photos: images.length,
    captions: captions.length,
    captionsPerPhoto: spread(images.map((image) => image.captions.length)),
    wordsPerCaption: spread(words.map((each) => each.length)),
    distinctWords: new Set(words.flat()).size,
  };
}

/** The statistics as lines for a person. */
export function formatStatistics(of: CaptionStatistics): string {
  const [each, words] = [of.captionsPerPhoto, of.wordsPerCaption];
  const number = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 1 });
  return [
    `${number(of.photos)} photos, ${number(of.captions)} captions (${number(each.min)} to ${number(each.max)} a photo, ${number(each.mean)} on average)`,
    `${number(words.min)} to ${number(words.max)} words a caption, ${number(words.mean)} on average, 95 % at most ${number(words.percentile95)}`,
    `${number(of.distinctWords)} different words`,
  ].join("\n");
}

function spread(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? 0;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    min: at(0),
    mean: sum / Math.max(sorted.length, 1),
    median: at(0.5),
    percentile95: at(0.95),
    max: at(1),
  };
}
