import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SpeechDecoder } from "../decoding/decoder.ts";
import { beamSearch } from "../decoding/search.ts";
import { loadOnnx, outputOf } from "./onnx.ts";
import { serve } from "./serve.ts";

/** Of the tiny network. */
const size = { layers: 6, heads: 8, size: 36 };
const [start, end] = [1, 2];
/** Nobody speaks faster; a network that goes on repeats itself (Moonshine's own `max_tokens_per_second`). */
const tokensPerSecond = 6.5;

serve({
  settings: z.strictObject({ onnx: z.string(), model: z.string() }),
  request: z.strictObject({
    samples: z.instanceof(Float32Array),
    beamWidth: z.number().int().positive(),
  }),
  async load({ onnx: folder, model }) {
    const onnx = loadOnnx(folder);
    const texts = readTexts(readFileSync(join(model, "tokenizer.bin")));
    const words = texts.findIndex((text) => text.toString().startsWith("<<ST_"));
    const load = (name: string) => onnx.InferenceSession.create(join(model, name));
    const encoder = await load("encoder_model.ort");
    const network = await load("decoder_model_merged.ort");
    return async ({ samples, beamWidth }) => {
      const { length } = samples;
      const encoded = await encoder.run({
        input_values: new onnx.Tensor("float32", samples, [1, length]),
        attention_mask: new onnx.Tensor("int64", new BigInt64Array(length).fill(1n), [1, length]),
      });
      const encoding = outputOf(encoded, "last_hidden_state");
      const decoder = new SpeechDecoder(onnx, network, encoding, { ...size, masked: length });
      const hypotheses = await beamSearch({
        first: await decoder.start([start]),
        step: (ids, rows) => decoder.step(ids, rows),
        ...{ end, choices: words, suppressed: [0, start], suppressedFirst: [], beamWidth },
        maxTokens: Math.ceil((length / 16_000) * tokensPerSecond),
      });
      return hypotheses.map(({ ids, ...reading }) => ({ ...reading, text: textOf(ids, texts) }));
    };
  },
});

/** Each token as its length, in one byte or, from 128, in two, and its bytes. */
function readTexts(file: Buffer): Buffer[] {
  const texts: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    let length = file[at++] ?? 0;
    if (length >= 128) length += 128 * (file[at++] ?? 0) - 128;
    texts.push(file.subarray(at, at + length));
    at += length;
  }
  return texts;
}

function textOf(ids: readonly number[], texts: readonly Buffer[]): string {
  const bytes = Buffer.concat(ids.map((id) => texts[id] ?? Buffer.alloc(0)));
  return bytes.toString().replaceAll("▁", " ").trim();
}
