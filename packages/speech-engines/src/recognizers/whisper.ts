import { z } from "zod";
import { EngineProcess } from "../engine-process.ts";
import { findPart } from "../install/part.ts";
import { onnx, whisperPart } from "../parts.ts";
import { workerProgram } from "../worker-program.ts";
import type { Listening } from "./engine-recognizer.ts";
import { withoutRepeats } from "./repeats.ts";

const segment = z.strictObject({ start: z.number(), end: z.number(), text: z.string() });

/** Whisper (Radford et al. 2022) in an installed size, such as `base`. */
export function whisper(size: string): Listening {
  const settings = { onnx: findPart(onnx), model: findPart(whisperPart(size)), size };
  const name = `whisper-${size}`;
  const engine = new EngineProcess({ name, program: workerProgram("whisper"), settings });
  return {
    async hear(samples, { language, signal }) {
      const request = { samples, language: language ?? "en" };
      const segments = await engine.request(request, z.array(segment), signal);
      return segments.map((each) => ({ ...each, text: withoutRepeats(each.text) }));
    },
    close: () => engine.close(),
  };
}
