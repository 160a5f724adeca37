import { z } from "zod";
import { EngineProcess } from "../engine-process.ts";
import { findPart } from "../install/part.ts";
import { kokoroModels, kokoroVoices, kuromoji, onnx } from "../parts.ts";
import { workerProgram } from "../worker-program.ts";
import type { Speaking } from "./engine-synthesizer.ts";

/** Kokoro-82M (StyleTTS 2, Li et al. 2023) with its Japanese voices, which is installed. */
export function kokoroJa(): Speaking {
  const settings = {
    onnx: findPart(onnx),
    kuromoji: findPart(kuromoji),
    voices: findPart(kokoroVoices),
    models: kokoroModels.map(findPart),
  };
  const engine = new EngineProcess({
    name: "kokoro-ja",
    program: workerProgram("kokoro-ja"),
    settings,
  });
  return {
    sampleRate: 24_000,
    slow: true,
    voices: ["jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo"],
    speak: (text, { voice, signal }) =>
      engine.request({ text, voice }, z.instanceof(Float32Array), signal),
    close: () => engine.close(),
  };
}
