import {
  bleuMetric,
  chrfMetric,
  type LineMetric,
  type PairedBootstrap,
  pairedBootstrap,
  type ReferenceLines,
  type SacreBleuOptions,
  scoreLines,
  terMetric,
} from "@attend/metrics";

/** The options of sacreBLEU's command line. Unless their names say otherwise, they apply to BLEU only. */
export interface EvaluateOptions extends Omit<SacreBleuOptions, "effectiveOrder"> {
  readonly chrfLowercase?: boolean | undefined;
  readonly terCaseSensitive?: boolean | undefined;
}

export interface MetricScore {
  readonly metric: string;
  readonly score: number;
  /** sacreBLEU's signature, to compare scores with. */
  readonly signature: string;
}

/** BLEU, chrF, chrF++ and TER, each from 0 to 100 (TER can be higher, and lower is better). */
export function scoreTranslations(
  hypotheses: readonly string[],
  references: ReferenceLines,
  options: EvaluateOptions,
): MetricScore[] {
  return metricsOf(options).map((metric) => {
    const { score, signature } = scoreLines(metric, hypotheses, references);
    return { metric: metric.name, score, signature };
  });
}

/** Tests whether another system's scores on the same lines differ by more than chance. */
export function compareTranslations(
  texts: {
    readonly baseline: readonly string[];
    readonly system: readonly string[];
    readonly references: ReferenceLines;
  },
  options: EvaluateOptions,
): (PairedBootstrap & { readonly metric: string })[] {
  return metricsOf(options).map((metric) => {
    const compared = pairedBootstrap(metric, texts);
    // If there is no difference, sacreBLEU's method would return the lowest p-value.
    const equal = compared.baseline.score === compared.system.score;
    return { ...compared, metric: metric.name, pValue: equal ? 1 : compared.pValue };
  });
}

/** @throws AttendError BAD_ARGUMENT for incompatible options */
export function metricsOf({
  chrfLowercase: lowercase = false,
  terCaseSensitive: caseSensitive = false,
  ...bleu
}: EvaluateOptions): LineMetric[] {
  return [
    bleuMetric(bleu),
    chrfMetric({ lowercase }),
    chrfMetric({ lowercase, wordOrder: 2 }),
    terMetric({ caseSensitive }),
  ];
}
