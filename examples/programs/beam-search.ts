/**
 * Beam search with your own decoder: counts letter bigrams in a few names and searches for the most likely new names.
 * Any model with these methods can be searched, sampled and streamed (docs/recipes/add-a-decoder.md).
 *
 *     pnpm example beam-search
 */
import { beamSearch, type Decoder, type DecoderState } from "@attend/decoding";
import { loadEngine, tf } from "@attend/runtime";

const names = ["anna", "hanna", "johanna", "marianne", "anton", "antonia", "marina", "hannes"];
const letters = ["<start>", "<end>", ...new Set(names.join(""))];
const ids = (name: string) => [0, ...[...name].map((letter) => letters.indexOf(letter)), 1];

await loadEngine();
const counts = tf.buffer([letters.length, letters.length]);
for (const name of names) {
  ids(name).reduce((from, to) => {
    counts.set(counts.get(from, to) + 1, from, to);
    return to;
  });
}
const table = tf.log<tf.Tensor2D>(tf.add(counts.toTensor(), 1e-3)); // [letter, next letter]

// Only the last letter matters, so the state is just its number of rows.
const bigrams: Decoder<number, DecoderState> = {
  vocabularySize: letters.length,
  start: (rows) => ({ rows }),
  step: (tokens, state) => ({ logits: tf.gather(table, tokens), state }),
  features: (tokens) => ({ features: tf.oneHot(tokens, letters.length) as tf.Tensor3D }),
  project: (features) => tf.matMul(tf.cast(features, "float32"), table),
  reorder: (_, rows) => ({ rows: rows.shape[0] }),
};

const special = { start: 0, end: 1, suppressed: [0] };
const options = { beamWidth: 8, maxLength: 9, minLength: 4, noRepeatNgram: 2 };
for (const { tokens, logProbability } of beamSearch(bigrams, 1, special, options)[0] ?? []) {
  console.log(tokens.map((id) => letters[id]).join(""), logProbability.toFixed(2));
}
