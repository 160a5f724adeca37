import { type Spread, spread } from "../spread.ts";
import type { CaptionSet } from "./caption-set.ts";
import { wordsOf } from "./words.ts";

/** Statistics of a caption set. */
export interface CaptionStatistics {
  readonly photos: number;
  readonly captions: number;
  readonly captionsPerPhoto: Spread;
  /** Words separated by whitespace, except those without a letter or digit. */
  readonly wordsPerCaption: Spread;
  /** In lower case. */
  readonly distinctWords: number;
}

/** Computes statistics of a caption set; of an empty one, all are 0. */
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

/** Formats statistics as lines of text. */
export function formatStatistics(of: CaptionStatistics): string {
  const [each, words] = [of.captionsPerPhoto, of.wordsPerCaption];
  const number = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 1 });
  return [
    `${number(of.photos)} photos, ${number(of.captions)} captions (${number(each.min)} to ${number(each.max)} per photo, ${number(each.mean)} on average)`,
    `${number(words.min)} to ${number(words.max)} words per caption, ${number(words.mean)} on average, 95% at most ${number(words.percentile95)}`,
    `${number(of.distinctWords)} distinct words`,
  ].join("\n");
}
