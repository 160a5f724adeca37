import { type AnyEncoder, type Augmentation, EfficientNetLite } from "@attend/cnn-encoder";
import {
  cacheFeatures,
  featureReader,
  freshReader,
  type ReadFeatures,
} from "@attend/cnn-encoder/features";
import { AttendError, type tf } from "@attend/runtime";

/** Reads the feature maps of photos, `[photos, positions, channels]`; the caller disposes them. */
export type ReadMaps = (files: readonly string[]) => Promise<tf.Tensor3D>;

/** The feature maps of photos by a frozen encoder. */
export interface PhotoMaps {
  readonly read: ReadMaps;
  /** Of the photos to train on, by index; varied if requested. */
  readonly readToTrain: ReadFeatures;
  close(): Promise<void>;
}

/** Which photos are encoded, and how. */
export interface PhotoMapsOptions {
  readonly imageSize: number;
  readonly train: readonly string[];
  readonly validation: readonly string[];
  /** The folder to keep the maps in. */
  readonly folder: string;
  /** How the photos to train on are varied, which encodes them again for every batch. */
  readonly augmentation: Augmentation | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Computes the feature maps of photos once.
 *
 * @throws AttendError BAD_CONFIG for an encoder that cannot be frozen; the errors of `cacheFeatures`
 */
export async function openMaps(encoder: AnyEncoder, options: PhotoMapsOptions): Promise<PhotoMaps> {
  if (!(encoder instanceof EfficientNetLite)) {
    const message =
      'a "small-cnn" cannot be "frozen"; set "encoder" to "end-to-end" in the --config';
    throw new AttendError("BAD_CONFIG", message);
  }
  const { imageSize, train, validation, folder, augmentation } = options;
  const files = new Set(augmentation === undefined ? [...train, ...validation] : validation);
  // Not mirrored: questions ask for left and right.
  const requests = [...files].map((file) => ({ file, mirrored: false }));
  const cache = await cacheFeatures(encoder, imageSize, requests, folder, options);
  const fresh = augmentation && freshReader(encoder, imageSize, train, augmentation);
  const cached = featureReader(cache, train);
  return {
    read: (photos) => featureReader(cache, photos)([...photos.keys()]),
    readToTrain: fresh?.read ?? ((photos) => cached(photos)),
    async close() {
      fresh?.dispose();
      await cache.close();
    },
  };
}
