import type { TrainingConfig } from "./config.ts";
import { EventFile } from "./event-file.ts";
import type { TrainingEvent, TrainingPaths } from "./events.ts";
import { appendLog, type LogEntry, truncateLog, writing } from "./log.ts";
import type { TrainedParameter } from "./optimizer.ts";
import type { TrainingState } from "./state.ts";
import type { ValidationExample } from "./task.ts";

interface Measured {
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly items: number;
  /** An estimate. */
  readonly totalSteps: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Reports a training's progress to log.jsonl, to TensorBoard and as events, and keeps the time. */
export class Recorder {
  readonly #paths: TrainingPaths;
  readonly #logEvery: number;
  readonly #tensorboard: boolean;
  readonly #onEvent: (event: TrainingEvent) => void;
  #curves: EventFile | undefined;
  /** Seconds and steps of the previous runs. */
  #before = { seconds: 0, step: 0 };
  #startedAt = performance.now();
  #lastAt = performance.now();

  constructor(
    paths: TrainingPaths,
    config: TrainingConfig,
    onEvent: ((event: TrainingEvent) => void) | undefined,
  ) {
    this.#paths = paths;
    this.#logEvery = config.logEvery;
    this.#tensorboard = config.tensorboard;
    this.#onEvent = onEvent ?? (() => {});
  }

  async open(
    state: TrainingState,
    totalSteps: number,
    trained: readonly TrainedParameter[],
  ): Promise<void> {
    const { step, seconds } = state;
    await truncateLog(this.#paths.log, step);
    if (this.#tensorboard) this.#curves = new EventFile(this.#paths.tensorboard, step + 1);
    this.#before = { step, seconds };
    this.#startedAt = performance.now();
    this.#lastAt = this.#startedAt;
    const trainedParameters = trained.reduce((sum, { parameter }) => sum + parameter.size, 0);
    this.#onEvent({ type: "start", step, totalSteps, trainedParameters });
  }

  step(state: TrainingState, { items, totalSteps, ...measured }: Measured): void {
    const { step } = state;
    const itemsPerSecond = items / this.#lap(state);
    if (step % this.#logEvery !== 0) return;
    const secondsPerStep = (state.seconds - this.#before.seconds) / (step - this.#before.step);
    const secondsLeft = secondsPerStep * (totalSteps - step);
    const line = { type: "step", step, ...measured, itemsPerSecond } as const;
    const ahead = Number.isFinite(secondsLeft) ? { totalSteps, secondsLeft } : {};
    appendLog(this.#paths.log, { ...line, ...ahead, metrics: jsonMetrics(measured.metrics) });
    const { loss, learningRate, gradientNorm, metrics } = measured;
    this.#writeCurves(step, "train", {
      loss,
      learningRate,
      gradientNorm,
      itemsPerSecond,
      ...metrics,
    });
    this.#onEvent({ ...line, totalSteps, secondsLeft });
  }

  validationStart({ step }: TrainingState): void {
    this.#onEvent({ type: "validation-start", step });
  }

  validation(
    state: TrainingState,
    {
      metrics,
      examples,
      isBest,
    }: {
      readonly metrics: Readonly<Record<string, number>>;
      readonly examples: readonly ValidationExample[];
      readonly isBest: boolean;
    },
  ): void {
    const seconds = this.#lap(state);
    // At the end of an epoch, the state is already at the start of the next.
    const line = {
      type: "validation",
      step: state.step,
      epoch: state.batch === 0 ? state.epoch : state.epoch + 1,
    } as const;
    const shown = examples.length > 0 ? { examples: [...examples] } : {};
    appendLog(this.#paths.log, { ...line, metrics: jsonMetrics(metrics), ...shown });
    this.#writeCurves(state.step, "validation", metrics);
    this.#onEvent({ ...line, metrics, isBest, seconds });
  }

  checkpoint({ step }: TrainingState): void {
    this.#onEvent({ type: "checkpoint", step, path: this.#paths.latest });
  }

  #writeCurves(step: number, group: string, values: Readonly<Record<string, number>>): void {
    const scalars = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`${group}/${name}`, value]),
    );
    writing(this.#paths.tensorboard, () => this.#curves?.append(step, scalars));
  }

  /** Seconds since the last lap; updates the state's clock. */
  #lap(state: TrainingState): number {
    const now = performance.now();
    const seconds = (now - this.#lastAt) / 1000;
    this.#lastAt = now;
    state.seconds = this.#before.seconds + (now - this.#startedAt) / 1000;
    return seconds;
  }
}

/** JSON has no NaN. */
function jsonMetrics(metrics: Readonly<Record<string, number>>): LogEntry["metrics"] {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}
