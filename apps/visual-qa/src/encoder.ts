import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AnyEncoder, EfficientNetLite } from "@attend/cnn-encoder";
import { cacheFeatures, featureReader } from "@attend/cnn-encoder/features";
import { assignWeights, readSafetensors } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import type { ReadMaps } from "./task.ts";
import type { AnswererTraining } from "./training-config.ts";

/** The weights of the model to start from; an encoder that is trained from scratch needs none. */
export async function loadEncoder(
  encoder: AnyEncoder,
  startFrom: string | undefined,
  config: AnswererTraining,
): Promise<void> {
  if (startFrom === undefined && config.model.encoder.kind === "small-cnn") {
    if (config.encoder === "end-to-end") return;
    const message =
      'a "small-cnn" that is "frozen" learns nothing; set "encoder" to "end-to-end" in the --config, or --start-from a model';
    throw new AttendError("BAD_CONFIG", message);
  }
  const shipped = () =>
    dirname(fileURLToPath(import.meta.resolve("@attend/captioner/package.json")));
  const file = join(startFrom ?? shipped(), "model.safetensors");
  const { tensors } = await readSafetensors(file);
  const prefix = "encoder.";
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  assignWeights(
    encoder,
    new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor])),
    file,
  );
}

/**
 * Computes the feature maps of all photos once, and keeps them in a folder.
 *
 * @throws AttendError BAD_CONFIG for another encoder; the errors of `cacheFeatures`
 */
export async function openMaps(
  encoder: AnyEncoder,
  imageSize: number,
  files: readonly string[],
  folder: string,
  options: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
): Promise<{ readerOf: (files: readonly string[]) => ReadMaps; close: () => Promise<void> }> {
  if (!(encoder instanceof EfficientNetLite)) {
    const message =
      'a "small-cnn" cannot be "frozen"; set "encoder" to "end-to-end" in the --config';
    throw new AttendError("BAD_CONFIG", message);
  }
  const requests = files.map((file) => ({ file, mirrored: false }));
  const cache = await cacheFeatures(encoder, imageSize, requests, folder, options);
  return {
    // Not mirrored: questions ask for left and right.
    readerOf: (photos) => {
      const read = featureReader(cache, photos);
      return (indices) => read(indices);
    },
    close: () => cache.close(),
  };
}
