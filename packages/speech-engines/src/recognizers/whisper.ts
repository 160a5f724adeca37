import { join } from "node:path";
import { z } from "zod";
import { EngineProcess } from "../engine-process.ts";
import { findPart } from "../install/part.ts";
import { onnx, whisperPart } from "../parts.ts";
import { listeningRate } from "../voice/voice-activity.ts";
import { workerProgram } from "../worker-program.ts";
import type { Listening } from "./engine-recognizer.ts";
import { withoutRepeats } from "./repeats.ts";

const reading = z.strictObject({ text: z.string(), score: z.number(), confidence: z.number() });
/** Whisper's own default is 5. */
const widestBeam = 5;

/** Whisper (Radford et al. 2022) in an installed size, such as `base`. */
export function whisper(size: string): Listening {
  const model = join(findPart(whisperPart(size)) ?? "", folderIn(size));
  const settings = { onnx: findPart(onnx), model };
  const program = workerProgram("whisper");
  const engine = new EngineProcess({ name: `whisper-${size}`, program, settings });
  return {
    async hear(samples, { language, nBest = 1, signal }) {
      const request = { samples, language, beamWidth: Math.min(nBest, widestBeam) };
      const heard = await engine.request(request, z.array(reading), signal);
      const readings = heard.map((each) => ({ ...each, text: withoutRepeats(each.text) }));
      const [best] = readings;
      if (best === undefined) return [];
      const alternatives = readings.map(({ text, score }) => ({ text, score }));
      return [
        {
          ...{ start: 0, end: samples.length / listeningRate },
          ...{ text: best.text, confidence: best.confidence },
          ...(nBest > 1 && { alternatives }),
        },
      ];
    },
    close: () => engine.close(),
  };
}

function folderIn(size: string): string {
  return `node_modules/sts-whisper-${size}/models/Xenova/whisper-${size}`;
}
