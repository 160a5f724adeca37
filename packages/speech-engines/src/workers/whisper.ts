import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { serve } from "./serve.ts";

/** What is used of Transformers.js, whose types are not installed. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(
    task: "automatic-speech-recognition",
    model: string,
    options: { dtype: "q8"; device: "cpu" },
  ): Promise<(samples: Float32Array, options: WhisperOptions) => Promise<unknown>>;
}

interface WhisperOptions {
  readonly language: string;
  readonly task: "transcribe";
  readonly return_timestamps: boolean;
}

const outputSchema = z.object({
  text: z.string(),
  chunks: z.array(
    z.object({ text: z.string(), timestamp: z.tuple([z.number(), z.number().nullable()]) }),
  ),
});

serve({
  settings: z.strictObject({ onnx: z.string(), model: z.string(), size: z.string() }),
  request: z.strictObject({ samples: z.instanceof(Float32Array), language: z.string() }),
  async load({ onnx, model, size }) {
    const require = createRequire(join(onnx, "package.json"));
    const file = pathToFileURL(require.resolve("@huggingface/transformers")).href;
    const { env, pipeline }: Transformers = await import(file);
    env.allowRemoteModels = false;
    env.localModelPath = join(model, `node_modules/sts-whisper-${size}/models`);
    const recognize = await pipeline("automatic-speech-recognition", `Xenova/whisper-${size}`, {
      dtype: "q8",
      device: "cpu",
    });
    return async ({ samples, language }) => {
      const options = { language, task: "transcribe", return_timestamps: true } as const;
      const { chunks } = outputSchema.parse(await recognize(samples, options));
      return chunks.map(({ text, timestamp: [start, end] }) => ({
        start,
        end: end ?? samples.length / 16_000,
        text: text.trim(),
      }));
    };
  },
});
