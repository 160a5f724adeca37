import type { ReadFeatures } from "@attend/cnn-encoder/features";
import { type BeamOptions, beamSearch, type Hypothesis } from "@attend/decoding";
import { type CaptionScores, evaluateCaptions } from "@attend/metrics";
import type { Encoding } from "@attend/rnn-decoder";
import { tf } from "@attend/runtime";
import type { CaptioningModel } from "./model.ts";
import { minLength, specialTokens } from "./network.ts";
import { encodingOf } from "./stages/task.ts";

/** Photos that are decoded at once. */
const batchSize = 50;

/** The best caption of each encoding's row and its rivals; `options` fall back to the model's own. */
function decodeCaptions(
  model: CaptioningModel,
  encoding: Encoding,
  options?: Partial<BeamOptions>,
): Hypothesis[][] {
  return beamSearch(model.network.decoder, encoding, specialTokens, {
    minLength,
    ...model.config.decoding,
    ...options,
  });
}

/**
 * Captions photos from their features and scores the captions.
 *
 * @param references of each photo, as standard tokens
 */
export async function evaluateModel(
  model: CaptioningModel,
  readFeatures: ReadFeatures,
  references: readonly (readonly string[])[][],
  options?: Partial<BeamOptions> & { onProgress?: (done: number) => void },
): Promise<{ scores: CaptionScores; captions: string[][] }> {
  const captions: string[][] = [];
  while (captions.length < references.length) {
    const left = Math.min(batchSize, references.length - captions.length);
    const photos = Array.from({ length: left }, (_, i) => captions.length + i);
    const map = await readFeatures(photos);
    const encoding = tf.tidy(() => encodingOf(map));
    for (const [best] of decodeCaptions(model, encoding, options)) {
      captions.push(model.tokens.decode(best?.tokens ?? []));
    }
    tf.dispose([map, encoding]);
    options?.onProgress?.(captions.length);
  }
  return { scores: evaluateCaptions(captions, references), captions };
}
