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

/** Two systems compared on the same lines. */
export interface PairedBootstrap {
  readonly baseline: Resampled;
  readonly system: Resampled;
  /**
   * The probability of a difference this large if the systems are equally good; above 0, at most 1.
   */
  readonly pValue: number;
  /** The fraction of resamples in which the system beats the baseline (Koehn 2004). */
  readonly wins: number;
  readonly signature: string;
}

/**
 * Paired bootstrap resampling (Koehn, 'Statistical Significance Tests for Machine Translation
 * Evaluation', 2004): both systems are scored on the same lines, sampled with replacement. The
 * p-value is that of sacreBLEU's `--paired-bs`: how often a resample's absolute difference exceeds
 * the mean absolute difference by more than the observed difference (two-sided). For a system
 * compared with itself it is the lowest possible value.
 *
 * @param metric `bleuMetric()`, `chrfMetric()` or `terMetric()`, with their options.
 * @param texts one line of `baseline` and of `system` for each entry of `references`.
 * @param options `samples`: the number of resamples (default 1000); `seed`: the random seed
 * (default 12345; the random numbers differ from NumPy's).
 * @throws AttendError BAD_DATA if there are no lines, the number of hypotheses and lines differ, or
 * a line has no reference; BAD_ARGUMENT if `samples` is not a positive integer.
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
      `samples is ${samples}; it must be a positive integer, usually 1000`,
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
