import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SpeechDecoder } from "../decoding/decoder.ts";
import { beamSearch } from "../decoding/search.ts";
import { frames, mels, whisperFeatures } from "../whisper/features.ts";
import { readTokens } from "../whisper/tokens.ts";
import { loadOnnx, outputOf } from "./onnx.ts";
import { withOutputs } from "./onnx-file.ts";
import { serve } from "./serve.ts";

const configSchema = z.object({
  decoder_layers: z.number().int(),
  decoder_attention_heads: z.number().int(),
  d_model: z.number().int(),
});

/** Half of the decoder's 448 positions, as Whisper's `sample_len`. */
const maxTokens = 224;
/** Whisper's `no_speech_threshold` and `logprob_threshold`: both together mean that nobody speaks. */
const [noSpeech, unsure] = [0.6, Math.exp(-1)];

serve({
  settings: z.strictObject({ onnx: z.string(), model: z.string() }),
  request: z.strictObject({
    samples: z.instanceof(Float32Array),
    /** Default: the one that Whisper hears. */
    language: z.string().optional(),
    beamWidth: z.number().int().positive(),
  }),
  async load({ onnx: folder, model }) {
    const onnx = loadOnnx(folder);
    const tokens = readTokens(model);
    const config = configSchema.parse(JSON.parse(readFileSync(join(model, "config.json"), "utf8")));
    const { decoder_layers: layers, decoder_attention_heads: heads, d_model } = config;
    const file = (name: string) => join(model, "onnx", `${name}_quantized.onnx`);
    // Without its attention, which would take 0.4 GB.
    const listening = withOutputs(readFileSync(file("encoder_model")), ["last_hidden_state"]);
    const encoder = await onnx.InferenceSession.create(listening);
    const network = await onnx.InferenceSession.create(file("decoder_model_merged"));
    return async ({ samples, language, beamWidth }) => {
      const features = new onnx.Tensor("float32", whisperFeatures(samples), [1, mels, frames]);
      const encoded = await encoder.run({ input_features: features });
      const encoding = outputOf(encoded, "last_hidden_state");
      const size = { layers, heads, size: d_model / heads };
      const decoder = new SpeechDecoder(onnx, network, encoding, size);
      const languageToken = tokens.languages.get(language ?? "") ?? (await heardLanguage(decoder));
      const prompt = [tokens.start, languageToken, tokens.transcribe, tokens.noTimestamps];
      const logits = await decoder.start(prompt);
      const vocabulary = logits.length / prompt.length;
      const hypotheses = await beamSearch({
        ...{ ...tokens, choices: tokens.end + 1, beamWidth, maxTokens },
        first: logits.subarray(-vocabulary),
        step: (ids, rows) => decoder.step(ids, rows),
      });
      const silent = probabilityOf(logits.subarray(0, vocabulary), tokens.noSpeech) > noSpeech;
      return hypotheses
        .filter(({ confidence }) => !(silent && confidence < unsure))
        .map(({ ids, ...reading }) => ({ ...reading, text: tokens.decode(ids) }));
    };

    async function heardLanguage(decoder: SpeechDecoder): Promise<number> {
      const logits = await decoder.start([tokens.start]);
      const ids = [...tokens.languages.values()];
      return ids.reduce((best, id) => ((logits[id] ?? 0) > (logits[best] ?? 0) ? id : best));
    }
  },
});

function probabilityOf(logits: Float32Array, id: number): number {
  const highest = logits.reduce((a, b) => Math.max(a, b));
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  return Math.exp((logits[id] ?? Number.NEGATIVE_INFINITY) - highest) / sum;
}
