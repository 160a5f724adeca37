/** One caption, with whitespace collapsed, and its position in its file. */
export interface Caption {
  readonly text: string;
  /** The line (from 1) where its row begins; in a JSON document, the number of its entry. */
  readonly line: number;
}

/** A photo with its captions. */
export interface CaptionedImage {
  /** The photo's path below the folder of photos, with `/`; unique in its set. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  /** At least one. */
  readonly captions: readonly Caption[];
  /** The part that its file assigns it to: `train`, `val`, ... Absent if the file has no parts. */
  readonly part?: string;
}

/** Photos with their captions, in the order in which the file first mentions them. */
export interface CaptionSet {
  /** A short name of the set, unique among merged sets. */
  readonly source: string;
  readonly images: readonly CaptionedImage[];
  /** All parts of its file, even those not requested, with their numbers of captions. */
  readonly parts?: ReadonlyMap<string, number>;
  /** Problems that did not prevent reading the file, one line each. */
  readonly warnings: readonly string[];
}
