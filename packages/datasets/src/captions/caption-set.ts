/** One caption, white space collapsed, with its place in the file it came from. */
export interface Caption {
  readonly text: string;
  /** The line (from 1) where its row begins; in a JSON document the number of its entry. */
  readonly line: number;
}

export interface CaptionedImage {
  /** The photo's name as the caption file gives it, normalised; unique in its set. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  /** At least one. */
  readonly captions: readonly Caption[];
}

/** Photos with their captions, in the order in which the file first names them. */
export interface CaptionSet {
  /** A short name of the set, unique among those that are merged. */
  readonly source: string;
  readonly images: readonly CaptionedImage[];
  /** What a person should know about the file though it could be read: one line each. */
  readonly warnings: readonly string[];
}
