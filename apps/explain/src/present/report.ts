import type { Row } from "@attend/cli-kit";
import type { Measured, Start } from "../experiment.ts";

/** A gradient through time in three numbers. */
export interface ThroughTime {
  /** `|dL/dh_1|` */
  readonly first: number;
  /** `|dL/dh_T|` */
  readonly last: number;
  /** How much of it comes back: `first / last`. */
  readonly ratio: number;
}

/** One line about a training run. */
export interface Summary {
  readonly task: string;
  readonly length: number;
  readonly network: string;
  readonly clipNorm: number | null;
  readonly before: ThroughTime;
  readonly after: ThroughTime;
  readonly largestGradientNorm: number;
  /** The fraction of updates whose gradient was clipped. */
  readonly clippedShare: number;
  /** Mean of the last tenth of the updates, on new sequences. */
  readonly loss: number;
  readonly baseline: number;
  readonly divergedAt: number | null;
}

/** Reduces the gradient norms of a sequence's steps to the first, the last and their ratio. */
export function throughTime(norms: readonly number[]): ThroughTime {
  const [first = Number.NaN, last = Number.NaN] = [norms[0], norms.at(-1)];
  return { first, last, ratio: first / last };
}

/** Summarizes a training run: norms before and after it, clipping, and loss. */
export function summarize(measured: Measured): Summary {
  const { task, length, network, clipNorm, losses, gradientNorms, divergedAt } = measured;
  const tenth = losses.slice(-Math.ceil(losses.length / 10));
  const clipped = gradientNorms.filter((norm) => clipNorm !== null && norm > clipNorm);
  return {
    task,
    length,
    network,
    clipNorm,
    before: throughTime(measured.before),
    after: throughTime(measured.after),
    largestGradientNorm: Math.max(0, ...gradientNorms),
    clippedShare: clipped.length / (gradientNorms.length || 1),
    loss: tenth.reduce((sum, loss) => sum + loss, 0) / tenth.length,
    baseline: measured.baseline,
    divergedAt,
  };
}

export function summaryRow(summary: Summary): Row {
  const { before, after, divergedAt } = summary;
  return {
    task: summary.task,
    length: summary.length,
    network: summary.network,
    clipped: summary.clipNorm === null ? "no" : `${Math.round(100 * summary.clippedShare)} %`,
    "ratio before": power(before.ratio),
    "|dL/dh_1| after": power(after.first),
    "|dL/dh_T| after": power(after.last),
    "ratio after": power(after.ratio),
    "largest norm": power(summary.largestGradientNorm),
    loss: divergedAt === null ? short(summary.loss) : `not finite at ${divergedAt}`,
    baseline: short(summary.baseline),
  };
}

export function startRow({ task, length, scale, norms }: Start): Row {
  const { first, last, ratio } = throughTime(norms);
  return {
    task,
    length,
    "recurrent weights": `orthogonal x ${scale}`,
    "|dL/dh_1|": power(first),
    "|dL/dh_T|": power(last),
    ratio: power(ratio),
  };
}

function power(value: number): string {
  return value.toExponential(1);
}

function short(value: number): string {
  return value < 1e3 ? value.toFixed(4) : value.toExponential(1);
}
