import { AttendError } from "@attend/runtime/errors";
import type { CaptionOptions, CaptionResult, Photo } from "../caption.ts";
import { type CaptionerOptions, loadCaptioner } from "../captioner.ts";
import { type PhotoInput, sourceOf } from "./photos.ts";

export type PhotoOutcome = { readonly photo: PhotoInput } & (
  | { readonly result: CaptionResult; readonly error?: never }
  | { readonly error: AttendError; readonly result?: never }
);

type Options = CaptionOptions & { readonly batch?: number | undefined };

/** Captions the photos that were found; yields an outcome for every photo, in order. */
export async function* captionPhotos(
  photos: readonly PhotoInput[],
  load: CaptionerOptions,
  options: Options,
): AsyncGenerator<PhotoOutcome> {
  const found = photos.filter(({ error }) => error === undefined);
  const outcomes = captionAll(found.map(sourceOf), load, options);
  for (const photo of photos) {
    if (photo.error !== undefined) {
      yield { photo, error: photo.error };
      continue;
    }
    const next = await outcomes.next();
    if (next.done) continue;
    const { result, error } = next.value;
    yield error ? { photo, error: withFlagNames(error, photo) } : { photo, result };
  }
  // Closes the captioner.
  await outcomes.return(undefined);
}

/** Loads the captioner only when the first outcome is requested, so not at all if no photo was found. */
async function* captionAll(photos: readonly Photo[], load: CaptionerOptions, options: Options) {
  const captioner = await loadCaptioner(load);
  try {
    yield* captioner.captionAll(photos, options);
  } catch (thrown) {
    throw AttendError.isInstance(thrown) ? withFlagNames(thrown) : thrown;
  } finally {
    captioner.close();
  }
}

/** Replaces the library's option names in a message with flags, and "the given picture" with its path. */
function withFlagNames(error: AttendError, photo?: PhotoInput): AttendError {
  const message = error.message
    .replace(/\braise maxPixels$/, "raise --max-pixels")
    .replace(/\braise timeout$/, "raise --timeout")
    .replace(/^nBest is (.*) widen the beam$/, "--n-best is $1 widen it by --beam")
    .replace(/^the given picture/, photo?.path ?? "$&");
  return new AttendError(error.code, message, { cause: error.cause });
}
