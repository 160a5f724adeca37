/**
 * The caption decoder without its encoder, with random weights: one caption with beam search, and one
 * training step (forward and backward, without the optimizer).
 *
 *   pnpm --filter @attend/benchmarks decoder
 */
import { cpus, loadavg } from "node:os";
import { beamSearch, decodeEach } from "@attend/decoding";
import { crossEntropy } from "@attend/nn";
import {
  type AttentionDecoderConfig,
  attentionDecoderConfigSchema,
  createAttentionDecoder,
} from "@attend/rnn-decoder";
import { createRandom, loadEngine, tf } from "@attend/runtime";

const sizes = { vocabularySize: 6000, memorySize: 1280 };
const positions = 49;
const special = { start: 1, end: 2, suppressed: [0, 3] };

const engine = await loadEngine();
console.log(
  `${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${engine.library}; ` +
    "milliseconds, median of 15 (minimum)\n",
);
console.log("| placement | score | languageLayer | beam 5, 12 words | greedy | training step |");
console.log("| --- | --- | --- | --- | --- | --- |");
const variants: readonly Partial<AttentionDecoderConfig>[] = [
  { placement: "after", score: "dot", languageLayer: false },
  { placement: "after", score: "dot", languageLayer: true },
  { placement: "before", score: "additive", languageLayer: false },
];
for (const variant of variants) {
  const config = attentionDecoderConfigSchema.parse({ ...sizes, ...variant });
  const decoder = createAttentionDecoder(config, createRandom(1));
  const one = encoding(1);
  // Twelve words and the end token: random weights hardly ever end a caption on their own.
  const beam = measure(() => beamSearch(decoder, one, special, { beamWidth: 5, maxLength: 13 }));
  const greedy = measure(() => decodeEach(decoder, one, special, { maxLength: 13 }));
  const training = measure(trainingStep(decoder));
  const { placement, score, languageLayer } = config;
  console.log(`| ${[placement, score, languageLayer, beam, greedy, training].join(" | ")} |`);
  decoder.dispose();
}

/** 64 captions of 8 to 16 steps, loss over the positions without padding, gradients of all parameters. */
function trainingStep(decoder: ReturnType<typeof createAttentionDecoder>): () => void {
  const random = createRandom(2);
  const [batch, steps] = [64, 16];
  const lengths = Array.from({ length: batch }, () => 8 + random.integer(9));
  const real = lengths.flatMap((length, row) =>
    Array.from({ length }, (_, step) => row * steps + step),
  );
  const ids = (count: number) =>
    Int32Array.from({ length: count }, () => 4 + random.integer(sizes.vocabularySize - 4));
  const tokens = tf.tensor2d(ids(batch * steps), [batch, steps], "int32");
  const targets = tf.tensor1d(ids(real.length), "int32");
  const index = tf.tensor1d(real, "int32");
  const photos = encoding(batch);
  const loss = () => {
    const state = decoder.start(photos, { random });
    const { features } = decoder.features(tokens, state, { random });
    const flat = tf.reshape<tf.Rank.R2>(features, [batch * steps, features.shape[2]]);
    const logits = decoder.project(tf.gather(flat, index));
    return tf.mean(crossEntropy(logits, targets, { labelSmoothing: 0.1 })) as tf.Scalar;
  };
  return () => {
    const { value, grads } = tf.variableGrads(loss);
    value.dataSync();
    tf.dispose(grads);
  };
}

function encoding(rows: number) {
  return {
    map: tf.randomUniform<tf.Rank.R3>([rows, positions, sizes.memorySize], 0, 1, "float32", 1),
    pooled: tf.randomUniform<tf.Rank.R2>([rows, sizes.memorySize], 0, 1, "float32", 2),
  };
}

function measure(run: () => unknown): string {
  for (let i = 0; i < 3; i++) tf.tidy(() => void run());
  const times = Array.from({ length: 15 }, () => {
    const begin = performance.now();
    tf.tidy(() => void run());
    return performance.now() - begin;
  }).sort((a, b) => a - b);
  return `${times[7]?.toFixed(0)} (${times[0]?.toFixed(0)})`;
}
