import { tokenize, type Vocabulary } from "@attend/text";

/** A photo with its captions as token ids, without start and end. */
export interface Example {
  readonly file: string;
  readonly captions: readonly (readonly number[])[];
}

/** What a reader of caption files gives for a photo. */
export interface CaptionedPhoto {
  readonly file: string;
  readonly captions: readonly { readonly text: string }[];
}

/** Tokens of every caption; captions without a word are left out. */
export function tokenizeCaptions(photo: CaptionedPhoto): string[][] {
  return photo.captions.map(({ text }) => tokenize(text)).filter((tokens) => tokens.length > 0);
}

/** Photos that are left without a caption are left out. */
export function encodeExamples(
  photos: readonly CaptionedPhoto[],
  vocabulary: Vocabulary,
): Example[] {
  return photos
    .map((photo) => ({
      file: photo.file,
      captions: tokenizeCaptions(photo).map((tokens) => vocabulary.encode(tokens)),
    }))
    .filter(({ captions }) => captions.length > 0);
}
