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

export interface TrainingProgress {
  event(event: ShownTrainingEvent): void;
  /** A line of its own on stderr, above the bar. */
  say(line: string): void;
  /** Removes the bar. In `finally`: a bar keeps the process alive. */
  stop(): void;
}

/** Shows a training on stderr: a bar of its steps, and a line for each validation. */
export function createTrainingProgress(options: {
  readonly label: string;
  readonly quiet: boolean;
  /** The validation's metrics that are shown, in this order. */
  readonly metrics: readonly string[];
}): TrainingProgress {
  const { label, quiet, metrics } = options;
  let progress: Progress | undefined;
  const say = (line: string) => {
    const write = () => void process.stderr.write(`${line}\n`);
    if (quiet) return;
    if (progress === undefined) write();
    else progress.aside(write);
  };
  return {
    say,
    stop() {
      progress?.stop();
      progress = undefined;
    },
    event(event) {
      if (event.type === "start") {
        const { step: done, totalSteps: total } = event;
        progress = createProgress({ total, done, label, unit: "steps", quiet });
      } else if (event.type === "step") {
        const { step, totalSteps, loss } = event;
        progress?.update(step, { loss, ...event.metrics }, totalSteps);
      } else if (event.type === "validation") {
        const shown = metrics.map((name) => `${name} ${event.metrics[name]?.toFixed(4)}`);
        const best = event.isBest ? " (best so far)" : "";
        say(`epoch ${event.epoch}, step ${event.step}: ${shown.join(", ")}${best}`);
      }
    },
  };
}
