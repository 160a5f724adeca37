import { type Fit, type LoadedImage, startLoading, toInput } from "@attend/cnn-encoder";
import {
  beamSearch,
  decodeEach,
  type EncodedImage,
  type EnsembleEncoding,
  type Hypothesis,
  sampling,
} from "@attend/decoding";
import type { LoadOptions } from "@attend/model-folder";
import { AttendError, createRandom, messageOf, type Random, tf, yieldTurn } from "@attend/runtime";
import { describeValue } from "@attend/runtime/errors";
import { attentionOnPhoto, type Fitted } from "./attention-on-photo.ts";
import {
  type Attention,
  type Caption,
  type CaptionOptions,
  type CaptionOutcome,
  type CaptionResult,
  type Decoding,
  optionNames,
  type Photo,
  requireKnown,
  requireWholeNumber,
  resolveOptions,
} from "./caption.ts";
import type { CaptionerConfig } from "./config.ts";
import { CaptionerEnsemble, loadTogether, type Together } from "./ensemble.ts";
import { minLength } from "./network.ts";
import { largestSide } from "./present/layout.ts";

/** Which model to load, on which engine. */
export interface CaptionerOptions extends LoadOptions {
  /**
   * A model's folder, or the output folder of its training; several with the same vocabulary caption together.
   * Default: the model of `@attend/captioner`.
   */
  readonly model?: string | readonly string[] | undefined;
}

/**
 * Loads an engine and one or more models. The caller closes the captioner.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown option, or models that cannot caption together; FILE_NOT_FOUND if a
 *   folder or one of its files is missing; BAD_CONFIG, BAD_DATA or BAD_WEIGHTS naming the invalid file; ENGINE_MISSING
 */
export async function loadCaptioner(options: CaptionerOptions = {}): Promise<Captioner> {
  requireKnown(options, ["model", "engine", "precision"]);
  const { model, engine, precision } = options;
  const folders = typeof model === "object" ? model : [model];
  return new Captioner(...(await loadTogether(folders, { engine, precision })));
}

type LoadedPhoto<P> =
  | { readonly photo: P; readonly image: LoadedImage; readonly error?: never }
  | { readonly photo: P; readonly error: AttendError; readonly image?: never };

/** Photos that `captionAll` encodes and decodes at a time. */
const defaultBatch = 8;

/** Captions photos. Created by `loadCaptioner`; `close` frees its memory. */
export class Captioner {
  /** Of the first model. */
  readonly config: CaptionerConfig;
  readonly #model: CaptionerEnsemble;
  #closed = false;

  /**
   * Takes ownership of the models, which have one vocabulary and image size: their encoders are replaced by folded
   * ones, and `close` frees the rest.
   */
  constructor(...models: Together) {
    this.#model = new CaptionerEnsemble(models);
    this.config = this.#model.config;
  }

  /**
   * Captions one photo.
   *
   * @throws AttendError like `loadImage` if the photo cannot be read; BAD_ARGUMENT for an option out of
   *   range
   */
  async caption(photo: Photo, options: CaptionOptions = {}): Promise<CaptionResult> {
    for await (const { result, error } of this.captionAll([photo], options)) {
      if (error) throw error;
      return result;
    }
    throw new TypeError("one photo must have one outcome");
  }

  /**
   * Captions photos in batches, while the images of the next batch are decoded. Yields an outcome
   * for each photo, in order; an unreadable photo does not stop the others. No matter how many photos there
   * are, only two batches are in memory. Yields to the event loop between batches.
   *
   * @throws AttendError BAD_ARGUMENT for an option out of range; INTERRUPTED if `signal` is aborted; whatever
   *   `photos` throws
   */
  async *captionAll<P extends Photo>(
    photos: AsyncIterable<P> | Iterable<P>,
    options: CaptionOptions & { readonly batch?: number | undefined } = {},
  ): AsyncGenerator<CaptionOutcome<P>> {
    requireList(photos);
    requireKnown(options, [...optionNames, "batch"]);
    const { batch = defaultBatch, ...captionOptions } = options;
    requireWholeNumber("batch", batch, 1, 4096);
    const decoding = resolveOptions(captionOptions, this.config);
    const random = createRandom(decoding.sample?.seed ?? 0);
    const { fit } = decoding;
    let nextIsDecoding: Promise<unknown> | undefined;
    const load = (some: readonly P[]) => {
      const loading = some.map((photo) => this.#load(photo, { ...captionOptions, fit }));
      nextIsDecoding = Promise.all(loading.map((each) => each.decoding));
      return loading.map((each) => each.loaded);
    };
    for await (const loading of oneAhead(inBatches(photos, batch, load))) {
      const loaded = await Promise.all(loading);
      await yieldTurn(options.signal);
      // The engine is going to keep this thread busy.
      await nextIsDecoding;
      const images = loaded.flatMap(({ image }) => image ?? []);
      const results = this.#captionImages(images, decoding, random).values();
      for (const { photo, error } of loaded) {
        if (error) yield { photo, error };
        else yield { photo, result: results.next().value as CaptionResult };
      }
    }
  }

  /** Frees the model; it cannot caption anymore. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#model.dispose();
  }

  #load<P extends Photo>(
    photo: P,
    { picture, fit, maxPixels, timeout }: CaptionOptions,
  ): { readonly loaded: Promise<LoadedPhoto<P>>; readonly decoding: Promise<void> } {
    const size = this.config.encoder.imageSize;
    const previewSide = picture ? largestSide : undefined;
    const { image, decoding } = startLoading(photo, {
      size,
      fit,
      previewSide,
      maxPixels,
      timeout,
    });
    return { loaded: outcomeOf(photo, image), decoding };
  }

  #captionImages(
    images: readonly LoadedImage[],
    decoding: Decoding,
    random: Random,
  ): CaptionResult[] {
    if (this.#closed) {
      throw new AttendError("BAD_ARGUMENT", "this captioner is closed; load another one");
    }
    if (images.length === 0) return [];
    const pixels = images.map((image) => image.pixels);
    const input = toInput(pixels, this.config.encoder.imageSize);
    const encoding = this.#model.encode(input);
    input.dispose();
    try {
      const hypotheses = this.#decode(encoding, decoding, random);
      return images.map((image, i) => this.#toResult(image, hypotheses[i] ?? [], decoding.fit));
    } finally {
      tf.dispose(encoding);
    }
  }

  /** Hypotheses for each image, the best first. */
  #decode(
    encoding: EnsembleEncoding<EncodedImage>,
    decoding: Decoding,
    random: Random,
  ): Hypothesis[][] {
    const { sample, nBest } = decoding;
    const { special } = this.#model.tokens;
    if (sample === undefined) {
      const beams = beamSearch(this.#model, encoding, special, { ...decoding, minLength });
      return beams.map((hypotheses) => hypotheses.slice(0, nBest));
    }
    const samples = decodeEach(this.#model, encoding, special, {
      minLength,
      maxLength: decoding.maxLength,
      noRepeatNgram: decoding.noRepeatNgram,
      attention: decoding.attention,
      copies: nBest,
      choose: sampling(random, sample),
    });
    return Array.from({ length: samples.length / nBest }, (_, photo) =>
      samples.slice(photo * nBest, (photo + 1) * nBest),
    );
  }

  #toResult(image: LoadedImage, [best, ...others]: readonly Hypothesis[], fit: Fit): CaptionResult {
    if (best === undefined || !Number.isFinite(best.logProbability)) {
      throw new AttendError(
        "NOT_FINITE",
        "the model produces no caption because its weights are not finite; train it again or use another model",
      );
    }
    const caption = this.#toCaption(best);
    return {
      ...caption,
      alternatives: others.map((other) => this.#toCaption(other)),
      ...(best.attention && {
        attention: toAttention(caption.tokens, best.attention, { ...image, fit }),
      }),
      ...(image.preview && { picture: image.preview }),
      width: image.width,
      height: image.height,
    };
  }

  #toCaption({ tokens: ids, logProbability }: Hypothesis): Caption {
    const words = this.#model.tokens;
    return { caption: words.decode(ids), tokens: ids.map((id) => words.token(id)), logProbability };
  }
}

async function outcomeOf<P>(photo: P, image: Promise<LoadedImage>): Promise<LoadedPhoto<P>> {
  try {
    return { photo, image: await image };
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) return { photo, error: thrown };
    const message = `a photo cannot be read: ${messageOf(thrown)}`;
    return { photo, error: new AttendError("BAD_IMAGE", message, { cause: thrown }) };
  }
}

/** Strings and bytes are iterable, too, but not lists of photos. */
function requireList(photos: unknown): void {
  const isList =
    typeof photos === "object" &&
    photos !== null &&
    (Symbol.iterator in photos || Symbol.asyncIterator in photos) &&
    !ArrayBuffer.isView(photos);
  if (isList) return;
  const message = `photos must be a list, but ${describeValue(photos)} was given; for a single photo, call caption`;
  throw new AttendError("BAD_ARGUMENT", message);
}

function toAttention(
  words: readonly string[],
  weights: readonly Float32Array[],
  fitted: Fitted,
): Attention {
  // Images are square, and so are their feature maps.
  const side = Math.sqrt(weights[0]?.length ?? 0);
  const onPhoto = weights.map((each) => attentionOnPhoto(each, fitted));
  return { words, grid: [side, side], weights: onPhoto };
}

/** What `convert` makes of lists of `size` items; the last may be shorter. */
async function* inBatches<T, U>(
  source: AsyncIterable<T> | Iterable<T>,
  size: number,
  convert: (batch: readonly T[]) => U,
): AsyncGenerator<U> {
  let batch: T[] = [];
  for await (const item of source) {
    batch.push(item);
    if (batch.length < size) continue;
    yield convert(batch);
    batch = [];
  }
  if (batch.length > 0) yield convert(batch);
}

/** Produces the next item of `source` while the consumer works on the current one. */
async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (let item = await next; !item.done; item = await next) {
      next = source.next();
      next.catch(() => {}); // Thrown when it is awaited.
      yield item.value;
    }
  } finally {
    // Not awaited: a consumer that stops need not wait for an item that it will not use.
    source.return(undefined).catch(() => {});
  }
}
