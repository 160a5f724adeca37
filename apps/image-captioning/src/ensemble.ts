import type { EfficientNetLite } from "@attend/cnn-encoder";
import {
  type DecoderState,
  type EncodedImage,
  Ensemble,
  type EnsembleEncoding,
} from "@attend/decoding";
import type { LoadOptions } from "@attend/model-folder";
import { AttendError, tf } from "@attend/runtime";
import type { Words } from "@attend/text";
import type { CaptionerConfig } from "./config.ts";
import { type CaptioningModel, captioners } from "./model.ts";
import { withObjects } from "./objects.ts";

/** Captioners with the same vocabulary and image size. */
export type Together = [CaptioningModel, ...CaptioningModel[]];

/** One captioner, or several that choose each word together; each encodes the photos itself. For inference. */
export class CaptionerEnsemble extends Ensemble<EncodedImage, DecoderState> {
  /** Of the first model. */
  readonly config: CaptionerConfig;
  readonly tokens: Words;
  readonly #models: readonly CaptioningModel[];
  readonly #encoders: readonly EfficientNetLite[];

  /** Takes ownership of the models, whose encoders are replaced by folded ones. */
  constructor(models: Together) {
    super(models.map(({ network }) => network.decoder));
    this.config = models[0].config;
    this.tokens = models[0].tokens;
    this.#models = models;
    this.#encoders = models.map(({ network: { encoder } }) => {
      const folded = encoder.fold();
      encoder.dispose();
      return folded;
    });
  }

  /** Encodes photos `[photos, size, size, 3]`. The caller disposes the encodings. */
  encode(images: tf.Tensor4D): EnsembleEncoding<EncodedImage> {
    return tf.tidy(() => ({
      members: this.#encoders.map((encoder, index) =>
        withObjects(encoder.encode(images), encoder, this.#models[index]?.config.objects),
      ),
    }));
  }

  /** Frees the models. */
  dispose(): void {
    for (const encoder of this.#encoders) encoder.dispose();
    for (const { network } of this.#models) network.decoder.dispose();
  }
}

/**
 * Loads captioners that caption together. The caller disposes them.
 *
 * @param folders `undefined` for the shipped model
 * @throws AttendError BAD_ARGUMENT if there are none, or if their vocabularies or image sizes differ
 */
export async function loadTogether(
  folders: readonly (string | undefined)[],
  options: LoadOptions,
): Promise<Together> {
  const [name, ...names] = folders;
  if (folders.length === 0) {
    throw new AttendError("BAD_ARGUMENT", "model is an empty list; name a folder");
  }
  const models: Together = [await captioners.load(name, options)];
  try {
    for (const other of names) {
      const model = await captioners.load(other, options);
      models.push(model);
      const fault = differenceOf(models[0], model);
      if (fault === undefined) continue;
      const message = `${other} and ${name} cannot caption together: ${fault}`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    return models;
  } catch (thrown) {
    for (const { network } of models) network.dispose();
    throw thrown;
  }
}

/** Why two captioners cannot caption together, and the remedy. */
function differenceOf(first: CaptioningModel, model: CaptioningModel): string | undefined {
  if (JSON.stringify(model.tokens.toJSON()) !== JSON.stringify(first.tokens.toJSON())) {
    return "their vocabularies differ; train both on the same captions";
  }
  const [size, other] = [model, first].map(({ config }) => config.encoder.imageSize);
  if (size === other) return undefined;
  return `their photos have ${size} and ${other} pixels a side; train both with the same encoder.imageSize`;
}
