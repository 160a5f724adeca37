import { AttendError } from "@attend/runtime/errors";
import { createRandom } from "@attend/runtime/random";
import {
  checkHypotheses,
  countReferences,
  type LineMetric,
  listReferences,
  type ReferenceLines,
  statisticsOfLines,
} from "./line-metric.ts";
import { compareResampled, type Resampled } from "./resampling.ts";
import { writeSignature } from "./signature.ts";

export interface PairedBootstrap {
  readonly baseline: Resampled;
  readonly system: Resampled;
  /** How likely such a difference is where there is none; above 0, at most 1. */
  readonly pValue: number;
  /** The share of resamples in which the system is better than the baseline (Koehn 2004). */
  readonly wins: number;
  readonly signature: string;
}

/**
 * Paired bootstrap resampling (Koehn, 'Statistical Significance Tests for Machine Translation Evaluation',
 * 2004): both systems are scored on the same lines, drawn with replacement again and again. The p-value is
 * that of sacreBLEU's `--paired-bs`: how often the absolute difference of a resample exceeds the mean of
 * them by more than the difference found (two-sided); for one system against itself it is the least.
 *
 * @param metric `bleuMetric()`, `chrfMetric()`, `terMetric()`, with their options.
 * @param texts one line of `baseline` and of `system` for each entry of `references`.
 * @param options `samples`: how many resamples (default 1000); `seed` of their random numbers (default
 * 12345), which are not NumPy's.
 * @throws AttendError BAD_DATA where there is no line, not one hypothesis a line, or a line without
 * reference; BAD_ARGUMENT where `samples` is not a whole number above 0.
 */
export function pairedBootstrap(
  metric: LineMetric,
  texts: {
    readonly baseline: readonly string[];
    readonly system: readonly string[];
    readonly references: ReferenceLines;
  },
  { samples = 1000, seed = 12345 }: { samples?: number; seed?: number } = {},
): PairedBootstrap {
  if (!(Number.isInteger(samples) && samples > 0)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `The number of resamples is a whole number above 0, but ${samples} was given; 1000 is usual.`,
    );
  }
  const references = listReferences(texts.references);
  checkHypotheses(texts.baseline, references, "lines of the baseline");
  checkHypotheses(texts.system, references, "lines of the system");
  const comparison = compareResampled(
    metric,
    statisticsOfLines(metric, texts.baseline, references),
    statisticsOfLines(metric, texts.system, references),
    samples,
    createRandom(seed),
  );
  const resampling = [`bs:${samples}`, `seed:${seed}`];
  const signature = writeSignature(metric.settings, countReferences(references), resampling);
  return { ...comparison, signature };
}
