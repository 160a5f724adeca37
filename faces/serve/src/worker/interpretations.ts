import { formatWav } from "@attend/audio";
import { type InterpretingStep, loadInterpreter } from "@attend/interpreter";
import { z } from "zod";
import type { InterpretationEvents } from "../schemas/interpretations.ts";
import { streamTask } from "./task.ts";
import { telling } from "./telling.ts";

/** Interprets recordings, given as paths, and tells each output of each stage. */
export const task = streamTask({
  model: z.object({
    from: z.string(),
    to: z.string(),
    engine: z.string().optional(),
    speak: z.boolean(),
    nBest: z.number(),
  }),
  options: z.object({}),
  input: z.string(),
  load: ({ speak, ...choice }) =>
    loadInterpreter({ ...choice, ...(!speak && { synthesizer: false }) }),
  close: (interpreter) => interpreter.close(),
  stream: (interpreter, recording, { signal }) =>
    telling(async (tell: (event: InterpretationEvent) => void) => {
      const onStep = (step: InterpretingStep) => tell(eventOf(step));
      for await (const _ of interpreter.interpret(recording, { signal, onStep }));
      return { engines: interpreter.engines };
    }),
});

/** Of what the detector hears. */
const sampleRate = 16_000;

type Name = Exclude<keyof InterpretationEvents, "done">;
type InterpretationEvent = {
  readonly [Each in Name]: { readonly event: Each; readonly data: InterpretationEvents[Each] };
}[Name];

function eventOf(step: InterpretingStep): InterpretationEvent {
  const { seconds, confidence } = step;
  const common = {
    start: step.output.start,
    seconds,
    ...(confidence !== undefined && { confidence }),
  };
  switch (step.stage) {
    case "detect":
      return {
        event: "detected",
        data: { ...common, length: step.output.samples.length / sampleRate },
      };
    case "recognize": {
      const { text, alternatives } = step.output;
      const others = alternatives && { alternatives: [...alternatives] };
      return { event: "recognized", data: { ...common, text, ...others } };
    }
    case "repair":
    case "split": {
      const { text, changes } = step.output;
      return { event: "repaired", data: { ...common, text, changes: [...changes] } };
    }
    case "translate": {
      const { text: source, translation } = step.output;
      const alternatives = translation.alternatives.map(({ text, score }) => ({ text, score }));
      return {
        event: "translated",
        data: { ...common, source, text: translation.text, alternatives },
      };
    }
    case "say": {
      const { audio } = step.output;
      const length = audio.samples.length / audio.sampleRate;
      const wav = formatWav(audio).toString("base64");
      return { event: "spoken", data: { ...common, length, wav } };
    }
  }
}
