import type { EngineName } from "@attend/runtime";
import { interruptible } from "./interrupt.ts";
import { writeNote } from "./output.ts";
import { createProgress, type Progress, type ProgressMetrics } from "./progress.ts";

/** What of a training's events is shown; those of `@attend/training` are such events. */
export type ShownTrainingEvent =
  | { readonly type: "start"; readonly step: number; readonly totalSteps: number }
  | {
      readonly type: "step";
      readonly step: number;
      readonly totalSteps: number;
      readonly loss: number;
      readonly metrics: ProgressMetrics;
    }
  | {
      readonly type: "validation";
      readonly step: number;
      readonly epoch: number;
      readonly metrics: ProgressMetrics;
      readonly isBest: boolean;
    }
  | { readonly type: "validation-start" | "checkpoint" };

/** Where a command shows how far its training is. */
export interface TrainingProgress {
  /** Shows what the training tells: pass it as `onEvent`. */
  event(event: ShownTrainingEvent): void;
  /** The next one of several stages begins. */
  stage(name: string, place: number, stages: number): void;
  /** Shows work that comes before a training: `count("checking", "photos")(3, 8)`. */
  count(label: string, unit: string): (done: number, total: number) => void;
  /** A line on stderr, above the bar. */
  say(line: string): void;
  /** A warning on stderr, also where it is to be quiet. */
  warn(line: string): void;
  /** Removes the bar. In `finally`: a bar keeps the process alive. */
  stop(): void;
}

/** Shows a training on stderr: a bar of its steps, and a line for each validation. */
export function createTrainingProgress(options: {
  readonly quiet: boolean;
  /** The validation's metrics that are shown, in this order. */
  readonly metrics: readonly string[];
}): TrainingProgress {
  const { quiet, metrics } = options;
  let label = "training";
  let bar: Progress | undefined;
  const write = (line: string) => {
    if (bar === undefined) writeNote(line);
    else bar.aside(() => writeNote(line));
  };
  const say = (line: string) => {
    if (!quiet) write(line);
  };
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    say,
    stop,
    warn: (line) => write(`warning: ${line}`),
    stage(name, place, stages) {
      stop();
      label = name;
      say(`stage ${place} of ${stages}: ${name}`);
    },
    count: (label, unit) => (done, total) => {
      bar ??= createProgress({ total, done, label, unit, quiet });
      bar.update(done);
      if (done >= total) stop();
    },
    event(event) {
      if (event.type === "start") {
        const { step: done, totalSteps: total } = event;
        stop();
        bar = createProgress({ total, done, label, unit: "steps", quiet });
      } else if (event.type === "step") {
        const { step, totalSteps, loss } = event;
        bar?.update(step, { loss, ...event.metrics }, totalSteps);
      } else if (event.type === "validation") {
        const shown = metrics.map((name) => `${name} ${event.metrics[name]?.toFixed(4)}`);
        const best = event.isBest ? " (best so far)" : "";
        say(`epoch ${event.epoch}, step ${event.step}: ${shown.join(", ")}${best}`);
      }
    },
  };
}

/**
 * Runs a command's training on the engine that was asked for. Ctrl-C stops it, and a line tells how to
 * go on; the progress is removed, however it ends.
 */
export async function superviseTraining<Result>(
  progress: TrainingProgress,
  { engine, out }: { readonly engine?: EngineName; readonly out: string },
  train: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { loadEngine } = await import("@attend/runtime");
  await loadEngine({ engine });
  const remedy = `stopped; run the same command with --resume to go on with ${out}`;
  try {
    return await interruptible(remedy, train);
  } finally {
    progress.stop();
  }
}
