import { createRequire } from "node:module";
import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import { isMuted } from "./output.ts";

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY" | "columns">>;

/** What a progress bar shows. */
export interface ProgressOptions {
  /** Total number of items. */
  readonly total: number;
  /** The activity: `captioning`, `epoch 3`. */
  readonly label: string;
  /** The unit, in the plural: `photos`. */
  readonly unit: string;
  /** Items already done, such as before a resume; they do not count toward the rate. Default 0. */
  readonly done?: number;
  /** Default stderr, so that a pipe on stdout stays clean. */
  readonly stream?: Stream;
  /** Shows nothing. */
  readonly quiet?: boolean;
}

/** Numbers shown beside the bar, such as `{ loss: 2.31 }`. */
export type ProgressMetrics = Readonly<Record<string, number>>;

/** A bar on a terminal, or occasional lines elsewhere. */
export interface Progress {
  /**
   * Sets how many items are done; omitted metrics keep their last value.
   *
   * @param total the new total, if it has changed
   */
  update(done: number, metrics?: ProgressMetrics, total?: number): void;
  /** Runs a function that writes to the terminal, above the bar. */
  aside(write: () => void): void;
  /** Removes the bar, or writes the last line. Call it in `finally`: a bar keeps the process alive. */
  stop(): void;
}

/** Short work shows nothing. */
const SHOW_AFTER_MS = 2_000;
const LINE_EVERY_MS = 10_000;

/**
 * Progress with rate, time left and metrics: on a terminal, a bar once the work has taken 2 s; elsewhere
 * (a log file), a plain line every 10 s.
 */
export function createProgress(options: ProgressOptions): Progress {
  const { stream = process.stderr, quiet = false } = options;
  if (quiet || isMuted) return { update() {}, aside: (write) => write(), stop() {} };
  const work = new Work(options);
  return stream.isTTY ? showBar(work, stream) : writeLines(work, stream);
}

/** The progress of the work, as text. */
class Work {
  readonly label: string;
  total: number;
  done: number;
  private readonly unit: string;
  private readonly doneBefore: number;
  private readonly started = Date.now();
  private metrics: ProgressMetrics = {};

  constructor({ label, total, unit, done = 0 }: ProgressOptions) {
    this.label = label;
    this.total = total;
    this.unit = unit;
    this.done = done;
    this.doneBefore = done;
  }

  get elapsed(): number {
    return Date.now() - this.started;
  }

  update(done: number, metrics: ProgressMetrics = {}, total = this.total): void {
    this.done = done;
    this.total = total;
    this.metrics = { ...this.metrics, ...metrics };
  }

  /** `120/1000 photos, 12.3/s, 1m11s left, loss 2.310`. */
  toString(): string {
    const rate = (this.done - this.doneBefore) / Math.max(this.elapsed / 1000, 1e-3);
    const left = `${formatDuration((this.total - this.done) / rate)} left`;
    return [
      `${this.done}/${this.total} ${this.unit}`,
      ...(rate > 0 ? [formatRate(rate), left] : []),
      ...Object.entries(this.metrics).map(([name, value]) => `${name} ${formatMetric(value)}`),
    ].join(", ");
  }
}

function showBar(work: Work, stream: Stream): Progress {
  // Its thirty files are loaded only for work that shows a bar.
  const { SingleBar }: typeof import("cli-progress") = createRequire(import.meta.url)(
    "cli-progress",
  );
  const bar = new SingleBar({
    stream,
    clearOnComplete: true,
    // Lines are cut to fit. Disabling the terminal's wrapping would outlive a crash.
    linewrap: true,
    // `aside` overwrites the bar, so it must be redrawn even if it has not changed.
    forceRedraw: true,
    format: () => `${work.label} ${drawBar(work)} ${work}`.slice(0, (stream.columns ?? 80) - 1),
  });
  return {
    update(done, ...more) {
      work.update(done, ...more);
      if (bar.isActive) bar.update(done);
      else if (work.elapsed >= SHOW_AFTER_MS) bar.start(work.total, done);
    },
    aside(write) {
      if (bar.isActive) {
        clearLine(stream, 0);
        cursorTo(stream, 0);
      }
      write();
      if (bar.isActive) bar.render();
    },
    stop: () => bar.stop(),
  };
}

function writeLines(work: Work, stream: Stream): Progress {
  let lastLine = 0;
  return {
    update(done, ...more) {
      work.update(done, ...more);
      if (work.elapsed - lastLine < LINE_EVERY_MS) return;
      lastLine = work.elapsed;
      stream.write(`${work.label}: ${work}\n`);
    },
    aside: (write) => write(),
    stop() {
      if (lastLine > 0) stream.write(`${work.label}: ${work}\n`);
    },
  };
}

function drawBar({ done, total }: Work): string {
  const width = 24;
  const filled = Math.round(width * Math.min(1, total > 0 ? done / total : 1));
  return "█".repeat(filled) + "░".repeat(width - filled);
}

/** `0.8s`, `45s`, `3m20s`, `2h05m`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const pad = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${pad(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${pad((whole % 3600) / 60)}m`;
}

/** Items per second, or seconds per item for slow work. */
function formatRate(rate: number): string {
  if (rate >= 100) return `${Math.round(rate)}/s`;
  return rate >= 1 ? `${rate.toPrecision(3)}/s` : `${(1 / rate).toPrecision(3)} s each`;
}

function formatMetric(value: number): string {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-3 && size < 1e5) ? value.toPrecision(4) : value.toExponential(2);
}
