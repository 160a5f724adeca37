import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY" | "columns">>;

/** What a bar shows. */
export interface ProgressOptions {
  /** Items in all. */
  readonly total: number;
  /** What is being done: `captioning`, `epoch 3`. */
  readonly label: string;
  /** What is counted, in the plural: `photos`. */
  readonly unit: string;
  /** Items that were done before, as after a resume; they do not count for the rate. Default 0. */
  readonly done?: number;
  /** Default stderr, so that a pipe on stdout stays clean. */
  readonly stream?: Stream;
  /** Shows nothing at all. */
  readonly quiet?: boolean;
}

/** Numbers shown beside the bar, such as `{ loss: 2.31 }`. */
export type ProgressMetrics = Readonly<Record<string, number>>;

/** A bar on a terminal, or a line from time to time elsewhere. */
export interface Progress {
  /**
   * Sets how many items are done; metrics that are left out keep their last value.
   *
   * @param total items in all, where that is another number by now
   */
  update(done: number, metrics?: ProgressMetrics, total?: number): void;
  /** Runs something that writes to the terminal, above the bar. */
  aside(write: () => void): void;
  /** Removes the bar, or writes the last line. In `finally`: a bar keeps the process alive. */
  stop(): void;
}

/** A bar appears, and the lines begin, only once the work has proved to be long. */
const SHOW_AFTER_MS = 2_000;
const LINE_EVERY_MS = 10_000;

/**
 * Progress with rate, time left and metrics: on a terminal a bar, once the work takes more than 2 s;
 * elsewhere (a log file) a plain line every 10 s.
 */
export function createProgress(options: ProgressOptions): Progress {
  const { stream = process.stderr, quiet = false } = options;
  if (quiet) return { update() {}, aside: (write) => write(), stop() {} };
  const work = new Work(options);
  return stream.isTTY ? showBar(work, stream) : writeLines(work, stream);
}

/** How far the work is, in words. */
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
  const bar = new SingleBar({
    stream,
    clearOnComplete: true,
    // Lines are cut to fit, so the terminal need not be told; a crash would leave it so.
    linewrap: true,
    // `aside` writes over the bar, so it is drawn even where it has not changed.
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

/** Items a second, or seconds an item where that reads better. */
function formatRate(rate: number): string {
  if (rate >= 100) return `${Math.round(rate)}/s`;
  return rate >= 1 ? `${rate.toPrecision(3)}/s` : `${(1 / rate).toPrecision(3)} s each`;
}

function formatMetric(value: number): string {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-3 && size < 1e5) ? value.toPrecision(4) : value.toExponential(2);
}
