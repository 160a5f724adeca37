/** One caption, white space collapsed, with its place in the file it came from. */
export interface Caption {
  readonly text: string;
  /** The line (from 1) where its row begins; in a JSON document the number of its entry. */
  readonly line: number;
}

/** A photo with what people said of it. */
export interface CaptionedImage {
  /** The photo's path below the folder of photos, with `/`; unique in its set. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  /** At least one. */
  readonly captions: readonly Caption[];
  /** The part that its file puts it in: `train`, `val`, ... Absent where the file has none. */
  readonly part?: string;
}

/** Photos with their captions, in the order in which the file first names them. */
export interface CaptionSet {
  /** A short name of the set, unique among those that are merged. */
  readonly source: string;
  readonly images: readonly CaptionedImage[];
  /** The parts that its file has, with their numbers of captions, also those that were not asked for. */
  readonly parts?: ReadonlyMap<string, number>;
  /** What a person should know about the file though it could be read: one line each. */
  readonly warnings: readonly string[];
}
