import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SpeechDecoder } from "../decoding/decoder.ts";
import { beamSearch } from "../decoding/search.ts";
import { repeatsItself } from "../recognizers/repeats.ts";
import { listeningRate } from "../voice/voice-activity.ts";
import { mels, mostFrames, whisperFeatures } from "../whisper/features.ts";
import { timeSentences } from "../whisper/sentence-times.ts";
import { readTokens } from "../whisper/tokens.ts";
import { loadOnnx, outputOf } from "./onnx.ts";
import { withInput, withOutputs } from "./onnx-file.ts";
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

/** A step of the encoder's output is two frames. */
const samplesPerStep = 320;
const mostSteps = mostFrames / 2;
/** Silence that Whisper hears after the speech where it does not hear 30 s: 2.6 s, as `audio_ctx` of whisper.cpp has it. */
const margin = 128;
/** The encoder's constant with what it adds to each step. */
const positions = "embed_positions.weight";

const requestSchema = z.strictObject({
  samples: z.instanceof(Float32Array),
  /** Default: the one that Whisper hears. */
  language: z.string().optional(),
  beamWidth: z.number().int().positive(),
});

serve({
  settings: z.strictObject({
    ...{ onnx: z.string(), model: z.string() },
    /** Of the encoder, for a recording that is shorter. */
    leastSteps: z.number().int(),
  }),
  request: requestSchema,
  async load({ onnx: folder, model, leastSteps }) {
    const onnx = loadOnnx(folder);
    const tokens = readTokens(model);
    const config = configSchema.parse(JSON.parse(readFileSync(join(model, "config.json"), "utf8")));
    const { decoder_layers: layers, decoder_attention_heads: heads, d_model } = config;
    const file = (name: string) => join(model, "onnx", `${name}_quantized.onnx`);
    // Without its attention, which would take 0.4 GB.
    const listening = withOutputs(readFileSync(file("encoder_model")), ["last_hidden_state"]);
    const { model: anyLength, constant: places } = withInput(listening, positions);
    const encoder = await onnx.InferenceSession.create(anyLength);
    const network = await onnx.InferenceSession.create(file("decoder_model_merged"));
    return async (request) => {
      const needed = Math.ceil(request.samples.length / samplesPerStep) + margin;
      const steps = Math.min(mostSteps, Math.max(leastSteps, needed));
      const readings = await hear(request, steps);
      const isLoop = steps < mostSteps && readings.some(({ text }) => repeatsItself(text));
      return isLoop ? await hear(request, mostSteps) : readings;
    };

    async function hear(request: z.output<typeof requestSchema>, steps: number) {
      const { samples, language, beamWidth } = request;
      const features = whisperFeatures(samples, 2 * steps);
      const encoded = await encoder.run({
        input_features: new onnx.Tensor("float32", features, [1, mels, 2 * steps]),
        [positions]: new onnx.Tensor("float32", places.subarray(0, steps * d_model), [
          steps,
          d_model,
        ]),
      });
      const encoding = outputOf(encoded, "last_hidden_state");
      const size = { layers, heads, size: d_model / heads };
      const decoder = new SpeechDecoder(onnx, network, encoding, size);
      const spoken = language ?? (await heardLanguage(decoder));
      const task = [tokens.start, tokens.languages.get(spoken) ?? -1, tokens.transcribe];
      const prompt = [...task, tokens.noTimestamps];
      const logits = await decoder.start(prompt);
      const vocabulary = logits.length / prompt.length;
      const hypotheses = await beamSearch({
        ...{ ...tokens, choices: tokens.end + 1, beamWidth, maxTokens },
        first: logits.subarray(-vocabulary),
        step: (ids, rows) => decoder.step(ids, rows),
      });
      const silent = probabilityOf(logits.subarray(0, vocabulary), tokens.noSpeech) > noSpeech;
      const heard = hypotheses.filter(({ confidence }) => !(silent && confidence < unsure));
      const [best] = heard;
      if (best === undefined) return [];
      const sentences = await timeSentences(best.ids, {
        ...{ tokens, prompt: task, language: spoken, seconds: samples.length / listeningRate },
        logitsAfter: async (said) => (await decoder.start(said)).subarray(-vocabulary),
      });
      return heard.map(({ ids, ...reading }) => ({
        ...reading,
        text: tokens.decode(ids),
        ...(ids === best.ids && { sentences }),
      }));
    }

    async function heardLanguage(decoder: SpeechDecoder): Promise<string> {
      const logits = await decoder.start([tokens.start]);
      const languages = [...tokens.languages];
      const scoreOf = (id = -1) => logits[id] ?? Number.NEGATIVE_INFINITY;
      const [best = "en"] = languages.reduce((a, b) => (scoreOf(b[1]) > scoreOf(a[1]) ? b : a));
      return best;
    }
  },
});

function probabilityOf(logits: Float32Array, id: number): number {
  const highest = logits.reduce((a, b) => Math.max(a, b));
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  return Math.exp((logits[id] ?? Number.NEGATIVE_INFINITY) - highest) / sum;
}
