import type { Change } from "@attend/text-repair";
import type { InterpretingStep } from "../interpreter.ts";

/** A reading that a stage found. */
interface Reading {
  readonly text: string;
  readonly score: number;
}

/**
 * A step as lines of text: what was recognized, what was repaired in it, and the translation. With `steps`, also the other
 * readings, the reasons for changes, and each stage's time.
 */
export function linesOfStep(
  step: InterpretingStep,
  { steps }: { readonly steps: boolean },
): string[] {
  switch (step.stage) {
    case "detect": {
      const { start, samples } = step.output;
      return steps
        ? [line(start, "detected", `${(samples.length / 16_000).toFixed(1)} s of speech`, step)]
        : [];
    }
    case "recognize": {
      const { start, text, alternatives } = step.output;
      return shown(start, "recognized", text, step, { steps, alternatives });
    }
    case "repair": {
      const { start, text, changes, heard } = step.output;
      if (!steps && text === heard.text) return [];
      return [
        ...shown(start, "repaired", text, step, { steps }),
        ...(steps ? changes.map(describeChange) : []),
      ];
    }
    case "split":
      return [];
    case "translate": {
      const { start, translation } = step.output;
      const { text, alternatives } = translation;
      return shown(start, "translated", text, step, { steps, alternatives });
    }
    case "say": {
      const { start, audio } = step.output;
      const length = `${(audio.samples.length / audio.sampleRate).toFixed(1)} s`;
      return steps ? [line(start, "spoken", length, step)] : [];
    }
  }
}

function shown(
  start: number,
  what: string,
  text: string,
  step: InterpretingStep,
  {
    steps,
    alternatives = [],
  }: { readonly steps: boolean; readonly alternatives?: readonly Reading[] | undefined },
): string[] {
  if (!steps) return [line(start, what, text)];
  const others = alternatives
    .slice(1)
    .map(({ text, score }) => `${" ".repeat(20)}or ${text} (${score.toFixed(2)})`);
  return [line(start, what, text, step), ...others];
}

/** `   1:02.3  recognized  a man runs (0.93, 1.2 s)` */
function line(start: number, what: string, text: string, step?: InterpretingStep): string {
  const sure = step?.confidence === undefined ? "" : `${step.confidence.toFixed(2)}, `;
  const measured = step === undefined ? "" : ` (${sure}${step.seconds.toFixed(2)} s)`;
  return `${clock(start).padStart(7)}  ${what.padEnd(10)}  ${text}${measured}`;
}

/** A change and its reason, such as `teh → the: spelling`. */
export function describeChange({ from, to, reason }: Change): string {
  return `${" ".repeat(21)}${from === "" ? "nothing" : from} → ${to === "" ? "nothing" : to}: ${reason}`;
}

/** `1:02.3` */
function clock(seconds: number): string {
  const tenths = Math.round(10 * seconds);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}`;
}
