// Writes whisper-features.golden.json: what Transformers.js 4.3.0 makes of a sound for Whisper, every fourth of its frames.
// Run it in a folder where @huggingface/transformers 4.3.0 is installed:
// `node --input-type=module < whisper-features.mjs > whisper-features.golden.json`.
import { WhisperFeatureExtractor } from "@huggingface/transformers";

const extractor = new WhisperFeatureExtractor({
  ...{ chunk_length: 30, feature_size: 80, hop_length: 160, n_fft: 400, n_samples: 480000 },
  ...{ nb_max_frames: 3000, sampling_rate: 16000 },
});
const samples = Float32Array.from(
  { length: 8000 },
  (_, i) => 0.3 * Math.sin(0.05 * i * (1 + i / 16000)) + 0.01 * Math.sin(i * i),
);
const { input_features: features } = await extractor(samples);
const frames = {};
for (let frame = 0; frame < 60; frame += 4) {
  frames[frame] = Array.from({ length: 80 }, (_, mel) =>
    Number(features.data[mel * 3000 + frame].toFixed(5)),
  );
}
process.stdout.write(`${JSON.stringify({ frames })}\n`);
