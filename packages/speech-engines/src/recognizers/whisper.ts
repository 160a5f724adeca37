import { join } from "node:path";
import { EngineProcess } from "../engine-process.ts";
import { findPart } from "../install/part.ts";
import { onnx, whisperPart } from "../parts.ts";
import { workerProgram } from "../worker-program.ts";
import type { Listening } from "./engine-recognizer.ts";
import { readingsSchema, segmentsOf, widestBeam } from "./readings.ts";

/**
 * The base size hears as well in 10 s (500 steps) as in the 30 s that Whisper was trained on, and takes a third of the time;
 * in less than 4 s it repeats short answers, and the tiny size repeats itself in 10 s, too.
 */
const leastSteps: Readonly<Record<string, number>> = { base: 500 };

/** Whisper (Radford et al. 2022) in an installed size, such as `base`. */
export function whisper(size: string): Listening {
  const folder = `node_modules/sts-whisper-${size}/models/Xenova/whisper-${size}`;
  const model = join(findPart(whisperPart(size)) ?? "", folder);
  const settings = { onnx: findPart(onnx), model, leastSteps: leastSteps[size] ?? 1500 };
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
