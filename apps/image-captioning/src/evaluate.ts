import { freshReader, type ReadFeatures } from "@attend/cnn-encoder/features";
import type { CaptionedImage } from "@attend/datasets";
import { type BeamOptions, beamSearch, type EncodedImage, type Hypothesis } from "@attend/decoding";
import { type CaptionScores, evaluateCaptions } from "@attend/metrics";
import { tf, yieldTurn } from "@attend/runtime";
import { detokenize, tokenize } from "@attend/text";
import type { ShowExamples } from "@attend/training";
import type { CaptioningModel } from "./model.ts";
import { minLength } from "./network.ts";

/** Photos decoded at a time. */
const batchSize = 50;

/** The captions of each row, the best first; `options` default to the model's. */
function decodeCaptions(
  model: CaptioningModel,
  encoding: EncodedImage,
  options?: Partial<BeamOptions>,
): Hypothesis[][] {
  return beamSearch(model.network.decoder, encoding, model.tokens.special, {
    minLength,
    ...model.config.decoding,
    ...options,
  });
}

/**
 * Captions photos from their features and scores the captions.
 *
 * @param references the captions of each photo, as standard tokens
 * @throws AttendError INTERRUPTED if `options.signal` is aborted
 */
export async function evaluateModel(
  model: CaptioningModel,
  readFeatures: ReadFeatures,
  references: readonly (readonly string[])[][],
  options: Partial<BeamOptions> & { signal?: AbortSignal | undefined } = {},
): Promise<{ scores: CaptionScores; captions: string[][] }> {
  const { signal, ...decoding } = options;
  const captions: string[][] = [];
  while (captions.length < references.length) {
    await yieldTurn(signal);
    const left = Math.min(batchSize, references.length - captions.length);
    const photos = Array.from({ length: left }, (_, i) => captions.length + i);
    const map = await readFeatures(photos);
    const encoding = tf.tidy(() => model.network.encodingOf(map));
    for (const [best] of decodeCaptions(model, encoding, decoding)) {
      captions.push((best?.tokens ?? []).map((id) => model.tokens.token(id)));
    }
    tf.dispose([map, encoding]);
  }
  return { scores: evaluateCaptions(captions, references), captions };
}

/**
 * Scores a model's captions against those that people wrote.
 *
 * @param options.read reads the photos' features; if absent, photos are encoded
 * @param options.show receives some of the captions
 * @throws AttendError INTERRUPTED if `options.signal` is aborted
 */
export async function scorePhotos(
  model: CaptioningModel,
  photos: readonly CaptionedImage[],
  { read, signal, show }: { read?: ReadFeatures; signal?: AbortSignal; show?: ShowExamples } = {},
): Promise<CaptionScores> {
  const references = photos.map(({ captions }) => captions.map(({ text }) => tokenize(text)));
  const evaluate = async (readFeatures: ReadFeatures) => {
    const { scores, captions } = await evaluateModel(model, readFeatures, references, { signal });
    show?.(
      photos.map(({ id, captions: [expected] }, i) => ({
        input: id,
        expected: expected?.text ?? "",
        output: detokenize(captions[i] ?? []),
      })),
    );
    return scores;
  };
  if (read !== undefined) return evaluate(read);
  const files = photos.map(({ file }) => file);
  const { encoder, fit } = model.config;
  const reader = freshReader(model.network.encoder, encoder.imageSize, files, undefined, fit);
  try {
    return await evaluate(reader.read);
  } finally {
    reader.dispose();
  }
}
