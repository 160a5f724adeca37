import type { EngineName } from "@attend/runtime";
import { interruptible } from "./interrupt.ts";
import { writeNote } from "./output.ts";
import {
  createProgress,
  type Progress,
  type ProgressMetrics,
  type ProgressOptions,
} from "./progress.ts";

/** The parts of `@attend/training`'s events that are shown. */
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
  | { readonly type: "validation-start" | "checkpoint" }
  | {
      readonly type: "stage";
      readonly name: string;
      readonly number: number;
      readonly stages: number;
    }
  | { readonly type: "note" | "warning"; readonly message: string }
  | {
      readonly type: "progress";
      readonly label: string;
      readonly unit: string;
      readonly done: number;
      readonly total: number;
    };

/** Shows the progress of a command's training. */
export interface TrainingProgress {
  /** Shows an event of the training: pass it as `onEvent`. */
  event(event: ShownTrainingEvent): void;
  /** Writes a line to stderr, above the bar. */
  say(line: string): void;
  /** Writes a warning to stderr, even if quiet. */
  warn(line: string): void;
  /** Removes the bar. Call it in `finally`: a bar keeps the process alive. */
  stop(): void;
}

/**
 * Shows a training on stderr: a bar for its steps and its preparation, a line for each stage, validation
 * and note. If quiet, only warnings.
 */
export function createTrainingProgress(options: {
  readonly quiet: boolean;
  /** The validation metrics to show, in this order. */
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
  const warn = (line: string) => write(`warning: ${line}`);
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  const begin = (work: Omit<ProgressOptions, "quiet">) => {
    stop();
    bar = createProgress({ ...work, quiet });
    return bar;
  };
  return {
    say,
    warn,
    stop,
    event(event) {
      switch (event.type) {
        case "stage":
          stop();
          label = event.name;
          say(`stage ${event.number} of ${event.stages}: ${event.name}`);
          break;
        case "note":
          say(event.message);
          break;
        case "warning":
          warn(event.message);
          break;
        case "progress":
          (bar ?? begin(event)).update(event.done);
          if (event.done >= event.total) stop();
          break;
        case "start":
          begin({ total: event.totalSteps, done: event.step, label, unit: "steps" });
          break;
        case "step":
          bar?.update(event.step, { loss: event.loss, ...event.metrics }, event.totalSteps);
          break;
        case "validation": {
          const shown = metrics.map((name) => `${name} ${event.metrics[name]?.toFixed(4)}`);
          const best = event.isBest ? " (best so far)" : "";
          say(`epoch ${event.epoch}, step ${event.step}: ${shown.join(", ")}${best}`);
        }
      }
    },
  };
}

/**
 * Runs a command's training on the requested engine. Ctrl-C stops it; the progress is removed, however
 * the training ends.
 */
export async function superviseTraining<Result>(
  progress: TrainingProgress,
  { engine }: { readonly engine?: EngineName },
  train: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { loadEngine } = await import("@attend/runtime");
  await loadEngine({ engine });
  try {
    return await interruptible(train);
  } finally {
    progress.stop();
  }
}
