import type { AttendError } from "@attend/runtime/errors";
import type { CaptionResult, Photo } from "../captioner/captioner.ts";
import { type CaptionerOptions, loadCaptioner } from "../captioner/load-captioner.ts";
import type { CaptionOptions } from "../captioner/options.ts";
import type { PhotoInput } from "./photos.ts";

export type PhotoOutcome = { readonly photo: PhotoInput } & (
  | { readonly result: CaptionResult; readonly error?: never }
  | { readonly error: AttendError; readonly result?: never }
);

type Options = CaptionerOptions & CaptionOptions & { readonly batch?: number | undefined };

/** Captions what was found, with an outcome for each photo in order, also for those that were not. */
export async function* captionPhotos(
  photos: readonly PhotoInput[],
  options: Options,
): AsyncGenerator<PhotoOutcome> {
  const found = photos.filter(({ error }) => error === undefined);
  const outcomes = captionAll(
    found.map(({ path, bytes }) => bytes ?? path),
    options,
  );
  for (const photo of photos) {
    if (photo.error !== undefined) {
      yield { photo, error: photo.error };
      continue;
    }
    const next = await outcomes.next();
    if (!next.done) yield { ...next.value, photo };
  }
  // Lets it close the captioner.
  await outcomes.return(undefined);
}

/** Loads nothing before the first outcome is asked for: where no photo was found, none is. */
async function* captionAll(photos: readonly Photo[], options: Options) {
  const captioner = await loadCaptioner(options);
  try {
    yield* captioner.captionAll(photos, options);
  } finally {
    captioner.close();
  }
}
