import { join } from "node:path";
import { EngineProcess } from "../engine-process.ts";
import { findPart } from "../install/part.ts";
import { moonshineModel, onnx } from "../parts.ts";
import { workerProgram } from "../worker-program.ts";
import type { Listening } from "./engine-recognizer.ts";
import { readingsSchema, segmentsOf, widestBeam } from "./readings.ts";

/** Moonshine tiny (Jeffries et al. 2024), English, whose time grows with what it hears. */
export function moonshine(): Listening {
  const model = join(findPart(moonshineModel) ?? "", "moonshine_voice/assets/tiny-en");
  const settings = { onnx: findPart(onnx), model };
  const program = workerProgram("moonshine");
  const engine = new EngineProcess({ name: "moonshine", program, settings });
  return {
    async hear(samples, { nBest = 1, signal }) {
      const request = { samples, beamWidth: Math.min(nBest, widestBeam) };
      return segmentsOf(await engine.request(request, readingsSchema, signal), samples, nBest);
    },
    close: () => engine.close(),
  };
}
