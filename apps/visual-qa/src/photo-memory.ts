import {
  type AnyEncoder,
  EfficientNetLite,
  type ImageEncoding,
  type LoadedImage,
  type LoadingImage,
  type Picture,
  startLoading,
  toInput,
} from "@attend/cnn-encoder";
import { AttendError, messageOf, tf } from "@attend/runtime";
import type { View } from "@attend/vqa-fusion";
import type { AskOptions, Photo } from "./asking.ts";
import type { AnswererModel } from "./model.ts";

/** Photos that were read and encoded together. */
export interface SeenPhotos {
  /** Those that could be read. */
  readonly photos: readonly Photo[];
  /** Of each of them, if requested. */
  readonly pictures: readonly (Picture | undefined)[];
  readonly encoding: ImageEncoding;
  /** What the network needs of them for every question. */
  readonly view: View;
}

/** The longer side of a picture, in pixels. */
const pictureSide = 640;

/** Reads and encodes photos, and keeps the last ones, so that another question about them takes little time. */
export class PhotoMemory {
  readonly #model: AnswererModel;
  /** The model's, with batch norm folded into the convolutions, which takes less time. */
  readonly #encoder: AnyEncoder;
  #last: SeenPhotos | undefined;

  /** The model must be disposed after this. */
  constructor(model: AnswererModel) {
    const { encoder } = model.network;
    this.#model = model;
    this.#encoder = encoder instanceof EfficientNetLite ? encoder.fold() : encoder;
  }

  /** Starts to read a photo. */
  read(photo: Photo, { picture, maxPixels, timeout }: AskOptions): LoadingImage {
    const { imageSize: size } = this.#model.config;
    const previewSide = picture ? pictureSide : undefined;
    return startLoading(photo, { size, previewSide, maxPixels, timeout });
  }

  /**
   * @param images the photos, if they are being read already
   * @param next photos to decode while the engine is busy
   * @returns what was seen, undefined if no photo can be read, and why others cannot; valid until the next call
   */
  async see(
    photos: readonly Photo[],
    options: AskOptions,
    images?: readonly LoadingImage[],
    next: readonly LoadingImage[] = [],
  ): Promise<{ seen: SeenPhotos | undefined; errors: ReadonlyMap<Photo, AttendError> }> {
    const errors = new Map<Photo, AttendError>();
    if (this.#last && isKept(this.#last, photos, options)) return { seen: this.#last, errors };
    const reading = images ?? photos.map((photo) => this.read(photo, options));
    const read: { photo: Photo; image: LoadedImage }[] = [];
    for (const [i, photo] of photos.entries()) {
      try {
        read.push({ photo, image: await (reading[i] ?? this.read(photo, options)).image });
      } catch (thrown) {
        errors.set(photo, asAttendError(thrown));
      }
    }
    if (read.length === 0) return { seen: undefined, errors };
    // Reading a file takes turns of this thread, which the engine is going to keep busy.
    await Promise.all(next.map(({ decoding }) => decoding));
    const pixels = read.map(({ image }) => image.pixels);
    const encoding = tf.tidy(() =>
      this.#encoder.encode(toInput(pixels, this.#model.config.imageSize)),
    );
    const view = this.#model.network.fusion.view(encoding);
    this.#forget();
    this.#last = {
      photos: read.map(({ photo }) => photo),
      pictures: read.map(({ image }) => image.preview),
      encoding,
      view,
    };
    return { seen: this.#last, errors };
  }

  /** Frees its memory. */
  dispose(): void {
    this.#forget();
    if (this.#encoder !== this.#model.network.encoder) this.#encoder.dispose();
  }

  #forget(): void {
    if (this.#last !== undefined) tf.dispose([this.#last.encoding, this.#last.view]);
    this.#last = undefined;
  }
}

function isKept(last: SeenPhotos, photos: readonly Photo[], { picture }: AskOptions): boolean {
  return photos.every((photo) => {
    const index = last.photos.indexOf(photo);
    return index !== -1 && (!picture || last.pictures[index] !== undefined);
  });
}

function asAttendError(thrown: unknown): AttendError {
  if (AttendError.isInstance(thrown)) return thrown;
  return new AttendError("BAD_IMAGE", `a photo cannot be read: ${messageOf(thrown)}`);
}
