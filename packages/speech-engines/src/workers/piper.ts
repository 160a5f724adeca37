import { readFileSync } from "node:fs";
import { z } from "zod";
import { loadOnnx, outputOf } from "./onnx.ts";
import { loadPhonemizer } from "./phonemizer.ts";
import { serve } from "./serve.ts";

/** The part of a Piper voice's JSON that is used. */
const voiceSchema = z.object({
  espeak: z.object({ voice: z.string() }),
  inference: z.object({ noise_scale: z.number(), length_scale: z.number(), noise_w: z.number() }),
  phoneme_id_map: z.record(z.string(), z.array(z.number().int())),
});

serve({
  settings: z.strictObject({ onnx: z.string(), phonemizer: z.string(), model: z.string() }),
  request: z.strictObject({ text: z.string() }),
  async load({ onnx: folder, phonemizer, model }) {
    const onnx = loadOnnx(folder);
    const voice = voiceSchema.parse(JSON.parse(readFileSync(`${model}.json`, "utf8")));
    const phonemize = await loadPhonemizer(phonemizer);
    const session = await onnx.InferenceSession.create(model);
    const { noise_scale, length_scale, noise_w } = voice.inference;
    const scales = new onnx.Tensor(
      "float32",
      Float32Array.of(noise_scale, length_scale, noise_w),
      [3],
    );
    return async ({ text }) => {
      const phonemes = await phonemize(text, voice.espeak.voice);
      const ids = idsOf(phonemes, voice.phoneme_id_map);
      const input = new onnx.Tensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length]);
      const lengths = new onnx.Tensor("int64", BigInt64Array.of(BigInt(ids.length)), [1]);
      const outputs = await session.run({ input, input_lengths: lengths, scales });
      return Float32Array.from(outputOf(outputs, "output").data);
    };
  },
});

/** Start, each phoneme and padding after each, end, as Piper's `phonemes_to_ids`; others than the voice's are left out. */
function idsOf(phonemes: string, map: Readonly<Record<string, readonly number[]>>): number[] {
  const pad = map["_"] ?? [];
  const known = [...phonemes.normalize("NFD")].flatMap((phoneme) => {
    const ids = map[phoneme];
    return ids === undefined ? [] : [...ids, ...pad];
  });
  return [...(map["^"] ?? []), ...pad, ...known, ...(map["$"] ?? [])];
}
