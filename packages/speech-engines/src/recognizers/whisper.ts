import { join } from "node:path";
import { EngineProcess } from "../engine-process.ts";
import { findPart } from "../install/part.ts";
import { onnx, whisperPart } from "../parts.ts";
import { workerProgram } from "../worker-program.ts";
import type { Listening } from "./engine-recognizer.ts";
import { readingsSchema, segmentsOf, widestBeam } from "./readings.ts";

/** Whisper (Radford et al. 2022) in an installed size, such as `base`. */
export function whisper(size: string): Listening {
  const folder = `node_modules/sts-whisper-${size}/models/Xenova/whisper-${size}`;
  const settings = { onnx: findPart(onnx), model: join(findPart(whisperPart(size)) ?? "", folder) };
  const program = workerProgram("whisper");
  const engine = new EngineProcess({ name: `whisper-${size}`, program, settings });
  return {
    async hear(samples, { language, nBest = 1, signal }) {
      const request = { samples, language, beamWidth: Math.min(nBest, widestBeam) };
      return segmentsOf(await engine.request(request, readingsSchema, signal), samples, nBest);
    },
    close: () => engine.close(),
  };
}
