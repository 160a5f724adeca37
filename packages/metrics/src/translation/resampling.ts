import type { Random } from "@attend/runtime/random";
import { mean } from "../corpus.ts";
import { type LineMetric, sumRows } from "./line-metric.ts";

/** A score, and how it varies over resamples of the lines. */
export interface Resampled {
  /** Of the lines as they are. */
  readonly score: number;
  /** Over the resamples. */
  readonly mean: number;
  /** The middle 95% of the resamples' scores lie between. */
  readonly low: number;
  readonly high: number;
  /** Half of what lies between: sacreBLEU's `± ...`. */
  readonly margin: number;
}

type Rows = readonly (readonly number[])[];

/** Scores both systems on `samples` resamples of their lines, the same for both. */
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
    baseline: summarise(
      scoreOfBaseline,
      Float64Array.from(scores, ([before]) => before),
    ),
    system: summarise(
      scoreOfSystem,
      Float64Array.from(scores, ([, after]) => after),
    ),
    pValue: pValueOf(gains.map(Math.abs), Math.abs(scoreOfBaseline - scoreOfSystem)),
    wins: gains.filter((gain) => gain > 0).length / samples,
  };
}

/** The rows of `table` that `lines` names, summed. */
function sumOf(table: Float64Array, width: number, lines: Uint32Array): Float64Array {
  const sum = new Float64Array(width);
  for (const line of lines) {
    for (let i = 0, at = line * width; i < width; i++, at++) sum[i]! += table[at]!;
  }
  return sum;
}

/** Counts one more on both sides, so that it is never 0. */
function pValueOf(differences: readonly number[], found: number): number {
  const expected = mean(differences);
  const more = differences.filter((difference) => difference - expected > found).length;
  return (more + 1) / (differences.length + 1);
}

function summarise(score: number, resampled: Float64Array): Resampled {
  const sorted = resampled.toSorted();
  const cut = Math.floor(sorted.length / 40);
  const [low, high] = [sorted[cut]!, sorted.at(-1 - cut)!];
  return { score, mean: mean([...sorted]), low, high, margin: (high - low) / 2 };
}
