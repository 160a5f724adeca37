import { z } from "zod";
import { EngineProcess } from "../engine-process.ts";
import { findPart } from "../install/part.ts";
import { onnx } from "../parts.ts";
import { workerProgram } from "../worker-program.ts";
import type { VoiceActivity } from "./voice-activity.ts";

const floats = z.instanceof(Float32Array);
const replySchema = z.strictObject({ probabilities: floats, state: floats, context: floats });

/** Silero's voice activity network, version 5, which is installed. */
export function sileroDetector(): VoiceActivity {
  const settings = { onnx: findPart(onnx) };
  const program = workerProgram("silero");
  const engine = new EngineProcess({ name: "silero", program, settings });
  return {
    name: "silero",
    listen() {
      let state = new Float32Array(2 * 128);
      let context = new Float32Array(64);
      return async (samples, signal) => {
        const reply = await engine.request({ samples, state, context }, replySchema, signal);
        ({ state, context } = reply);
        return reply.probabilities;
      };
    },
    close: () => engine.close(),
  };
}
