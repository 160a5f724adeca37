import {
  type EfficientNetLite,
  type ImageSource,
  type LoadedImage,
  loadImage,
  type Picture,
  toInput,
} from "@attend/cnn-encoder";
import { beamSearch, decodeEach, type Hypothesis, sampling } from "@attend/decoding";
import type { AttentionDecoder, Encoding } from "@attend/rnn-decoder";
import { AttendError, createRandom, messageOf, type Random, tf } from "@attend/runtime";
import { describeValue } from "@attend/runtime/errors";
import { detokenize, type Vocabulary } from "@attend/text";
import type { CaptionerConfig } from "../config.ts";
import type { CaptioningModel } from "../model.ts";
import { minLength, specialTokens } from "../network.ts";
import { largestSide } from "../present/layout.ts";
import { inBatches, oneAhead } from "./batches.ts";
import {
  type CaptionOptions,
  type Decoding,
  optionNames,
  requireKnown,
  requireWhole,
  resolveOptions,
} from "./options.ts";

/** A path, an address (string or URL), the bytes of a picture file in any form, or a stream of them. */
export type Photo = ImageSource;

/** One caption. */
export interface Caption {
  /** As people write it: `A dog runs on the beach.` */
  readonly caption: string;
  /** As the model says it: `a`, `dog`, `runs`, ... */
  readonly tokens: readonly string[];
  /** Natural logarithm, the end of the caption included. */
  readonly logProbability: number;
}

/** Where the model looked for each word. */
export interface Attention {
  readonly words: readonly string[];
  /** The weights' rows and columns, which cover the photo evenly. */
  readonly grid: readonly [rows: number, columns: number];
  /** For each word `rows * columns` weights, row by row from the top left, that sum to 1. */
  readonly weights: readonly Float32Array[];
}

/** A photo's likeliest caption, and what was asked for besides. */
export interface CaptionResult extends Caption {
  /** Other captions, the best first. */
  readonly alternatives: readonly Caption[];
  /** Present where asked for. */
  readonly attention?: Attention;
  /** The photo, small; present where asked for. */
  readonly picture?: Picture;
  /** Of the photo, upright, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** A photo of a batch with its result, or with why there is none. */
export type CaptionOutcome<P extends Photo = Photo> =
  | { readonly photo: P; readonly result: CaptionResult; readonly error?: never }
  | { readonly photo: P; readonly error: AttendError; readonly result?: never };

type LoadedPhoto<P> =
  | { readonly photo: P; readonly image: LoadedImage; readonly error?: never }
  | { readonly photo: P; readonly error: AttendError; readonly image?: never };

/** Photos that `captionAll` encodes and decodes at once. */
const defaultBatch = 8;

/** Captions photos. Made by `loadCaptioner`; `close` frees its memory. */
export class Captioner {
  readonly config: CaptionerConfig;
  readonly #encoder: EfficientNetLite;
  readonly #decoder: AttentionDecoder;
  readonly #vocabulary: Vocabulary;
  #closed = false;

  /** Takes the model over: its encoder is replaced by a folded one, the rest is freed by `close`. */
  constructor(model: CaptioningModel) {
    this.config = model.config;
    const { encoder, decoder } = model.network;
    this.#encoder = encoder.fold();
    encoder.dispose();
    this.#decoder = decoder;
    this.#vocabulary = model.tokens;
  }

  /**
   * Captions one photo.
   *
   * @throws AttendError as `loadImage` does where the photo cannot be read, BAD_ARGUMENT for an option
   *   out of range.
   */
  async caption(photo: Photo, options: CaptionOptions = {}): Promise<CaptionResult> {
    for await (const { result, error } of this.captionAll([photo], options)) {
      if (error) throw error;
      return result;
    }
    throw new TypeError("one photo has one outcome");
  }

  /**
   * Captions photos in batches, decoding the pictures of the next batch meanwhile. Yields an outcome
   * for each photo in order: one that cannot be read ends nothing. However many there are, only two
   * batches are in memory at a time.
   *
   * @throws AttendError BAD_ARGUMENT for an option out of range; whatever `photos` throws.
   */
  async *captionAll<P extends Photo>(
    photos: AsyncIterable<P> | Iterable<P>,
    options: CaptionOptions & { readonly batch?: number | undefined } = {},
  ): AsyncGenerator<CaptionOutcome<P>> {
    requireList(photos);
    requireKnown(options, [...optionNames, "batch"]);
    const { batch = defaultBatch, ...captionOptions } = options;
    requireWhole("batch", batch, 1, 4096);
    const decoding = resolveOptions(captionOptions, this.config.decoding);
    const random = createRandom(decoding.sample?.seed ?? 0);
    for await (const loaded of oneAhead(this.#loadInBatches(photos, batch, captionOptions))) {
      const images = loaded.flatMap(({ image }) => image ?? []);
      const results = this.#captionImages(images, decoding, random).values();
      for (const { photo, error } of loaded) {
        if (error) yield { photo, error };
        else yield { photo, result: results.next().value as CaptionResult };
      }
    }
  }

  /** Frees the model; captioning afterwards is an error. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#encoder.dispose();
    this.#decoder.dispose();
  }

  async *#loadInBatches<P extends Photo>(
    photos: AsyncIterable<P> | Iterable<P>,
    size: number,
    options: CaptionOptions,
  ) {
    for await (const batch of inBatches(photos, size)) {
      yield await Promise.all(batch.map((photo) => this.#load(photo, options)));
    }
  }

  async #load<P extends Photo>(
    photo: P,
    { picture, maxPixels, timeout }: CaptionOptions,
  ): Promise<LoadedPhoto<P>> {
    const size = this.config.encoder.imageSize;
    const previewSide = picture ? largestSide : undefined;
    try {
      return { photo, image: await loadImage(photo, { size, previewSide, maxPixels, timeout }) };
    } catch (thrown) {
      if (AttendError.isInstance(thrown)) return { photo, error: thrown };
      const message = `a photo cannot be read: ${messageOf(thrown)}`;
      return { photo, error: new AttendError("BAD_IMAGE", message, { cause: thrown }) };
    }
  }

  #captionImages(
    images: readonly LoadedImage[],
    decoding: Decoding,
    random: Random,
  ): CaptionResult[] {
    if (this.#closed) {
      throw new AttendError("BAD_ARGUMENT", "this captioner was closed; load another one");
    }
    if (images.length === 0) return [];
    const pixels = images.map((image) => image.pixels);
    const input = toInput(pixels, this.config.encoder.imageSize);
    const encoding = this.#encoder.encode(input);
    input.dispose();
    try {
      const hypotheses = this.#decode(encoding, decoding, random);
      return images.map((image, i) => this.#toResult(image, hypotheses[i] ?? []));
    } finally {
      tf.dispose([encoding.map, encoding.pooled]);
    }
  }

  /** For each picture its hypotheses, the best first. */
  #decode(encoding: Encoding, decoding: Decoding, random: Random): Hypothesis[][] {
    const { sample, nBest } = decoding;
    if (sample === undefined) {
      const found = beamSearch(this.#decoder, encoding, specialTokens, { ...decoding, minLength });
      return found.map((hypotheses) => hypotheses.slice(0, nBest));
    }
    const drawn = decodeEach(this.#decoder, encoding, specialTokens, {
      minLength,
      maxLength: decoding.maxLength,
      noRepeatNgram: decoding.noRepeatNgram,
      attention: decoding.attention,
      copies: nBest,
      choose: sampling(random, sample),
    });
    return Array.from({ length: drawn.length / nBest }, (_, photo) =>
      drawn.slice(photo * nBest, (photo + 1) * nBest),
    );
  }

  #toResult(image: LoadedImage, [best, ...others]: readonly Hypothesis[]): CaptionResult {
    if (best === undefined || !Number.isFinite(best.logProbability)) {
      throw new AttendError(
        "NOT_FINITE",
        "the model gives no caption: its weights are damaged (not finite); train it again or use another model",
      );
    }
    const caption = this.#toCaption(best);
    return {
      ...caption,
      alternatives: others.map((other) => this.#toCaption(other)),
      ...(best.attention && { attention: toAttention(caption.tokens, best.attention) }),
      ...(image.preview && { picture: image.preview }),
      width: image.width,
      height: image.height,
    };
  }

  #toCaption({ tokens: ids, logProbability }: Hypothesis): Caption {
    const tokens = this.#vocabulary.decode(ids);
    return { caption: detokenize(tokens), tokens, logProbability };
  }
}

/** A string and bytes have items, too, but these are no photos. */
function requireList(photos: unknown): void {
  const isList =
    typeof photos === "object" &&
    photos !== null &&
    (Symbol.iterator in photos || Symbol.asyncIterator in photos) &&
    !ArrayBuffer.isView(photos);
  if (isList) return;
  const message = `photos are a list of them, but ${describeValue(photos)} was given; caption takes a single one`;
  throw new AttendError("BAD_ARGUMENT", message);
}

function toAttention(words: readonly string[], weights: readonly Float32Array[]): Attention {
  // Pictures are square, and so is the map of their features.
  const side = Math.sqrt(weights[0]?.length ?? 0);
  return { words, grid: [side, side], weights };
}
