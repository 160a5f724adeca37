import type { Random } from "@attend/runtime/random";
import { mean } from "../corpus.ts";
import { type LineMetric, sumRows } from "./line-metric.ts";

/** A score, and its variation over resamples of the lines. */
export interface Resampled {
  /** On the original lines. */
  readonly score: number;
  /** Over the resamples. */
  readonly mean: number;
  /** Bounds of the middle 95% of the resamples' scores. */
  readonly low: number;
  readonly high: number;
  /** Half the width of that interval: sacreBLEU's `± ...`. */
  readonly margin: number;
}

type Rows = readonly (readonly number[])[];

/** Scores both systems on the same `samples` resamples of their lines. */
export function compareResampled(
  metric: LineMetric,
  baseline: Rows,
  system: Rows,
  samples: number,
  random: Pick<Random, "integer">,
): { baseline: Resampled; system: Resampled; pValue: number; wins: number } {
  const score = (sums: ArrayLike<number>) => metric.result(sums).score;
  const width = baseline[0]!.length;
  const tables = [baseline, system].map((rows) => Float64Array.from(rows.flat()));
  const lines = new Uint32Array(baseline.length);
  const scores: [number, number][] = [];
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < lines.length; i++) lines[i] = random.integer(lines.length);
    const [ofBaseline, ofSystem] = tables.map((table) => score(sumOf(table, width, lines)));
    scores.push([ofBaseline!, ofSystem!]);
  }
  const [scoreOfBaseline, scoreOfSystem] = [score(sumRows(baseline)), score(sumRows(system))];
  const gains = scores.map(([before, after]) =>
    metric.higherIsBetter ? after - before : before - after,
  );
  return {
    baseline: summarize(
      scoreOfBaseline,
      Float64Array.from(scores, ([before]) => before),
    ),
    system: summarize(
      scoreOfSystem,
      Float64Array.from(scores, ([, after]) => after),
    ),
    pValue: pValueOf(gains.map(Math.abs), Math.abs(scoreOfBaseline - scoreOfSystem)),
    wins: gains.filter((gain) => gain > 0).length / samples,
  };
}

/** The sum of the rows of `table` whose indices are in `lines`. */
function sumOf(table: Float64Array, width: number, lines: Uint32Array): Float64Array {
  const sum = new Float64Array(width);
  for (const line of lines) {
    for (let i = 0, at = line * width; i < width; i++, at++) sum[i]! += table[at]!;
  }
  return sum;
}

/** Adds one to both counts, so that the p-value is never 0. */
function pValueOf(differences: readonly number[], observed: number): number {
  const expected = mean(differences);
  const more = differences.filter((difference) => difference - expected > observed).length;
  return (more + 1) / (differences.length + 1);
}

function summarize(score: number, resampled: Float64Array): Resampled {
  const sorted = resampled.toSorted();
  const cut = Math.floor(sorted.length / 40);
  const [low, high] = [sorted[cut]!, sorted.at(-1 - cut)!];
  return { score, mean: mean([...sorted]), low, high, margin: (high - low) / 2 };
}
