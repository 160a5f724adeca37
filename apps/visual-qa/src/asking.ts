import type { ImageSource, LoadImageOptions } from "@attend/cnn-encoder";

/** A photo: a path, an address, or its bytes. */
export type Photo = ImageSource;

/** A question about a photo. */
export interface QuestionRow<P extends Photo = Photo> {
  readonly photo: P;
  readonly question: string;
}

/** How questions are answered. */
export interface AskOptions extends Pick<LoadImageOptions, "maxPixels" | "timeout"> {
  /** How many runners-up are listed; default 5. */
  readonly nBest?: number | undefined;
  /** Show where the model looked. */
  readonly attention?: boolean | undefined;
  /** Keep a small copy of the photo, to draw on. */
  readonly picture?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}
