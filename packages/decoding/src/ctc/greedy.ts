import type { CtcFrames } from "./frames.ts";

/** A label of the best alignment. */
export interface AlignedLabel {
  readonly label: number;
  /** Its first step and the step after its last. */
  readonly start: number;
  readonly end: number;
}

/** The labels of the most likely alignment: the best class of each step, without repetitions and blanks (Graves et al. 2006). */
export function ctcGreedy({ steps, classes, logProbabilities }: CtcFrames): AlignedLabel[] {
  const found: { label: number; start: number; end: number }[] = [];
  let before = classes - 1;
  for (let step = 0; step < steps; step++) {
    const best = bestOf(logProbabilities.subarray(step * classes, (step + 1) * classes));
    const last = found.at(-1);
    if (best === before && best !== classes - 1 && last !== undefined) last.end = step + 1;
    else if (best !== classes - 1) found.push({ label: best, start: step, end: step + 1 });
    before = best;
  }
  return found;
}

function bestOf(values: Float32Array): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? 0) ? i : best), 0);
}
