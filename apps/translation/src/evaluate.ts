import {
  type BleuTokenizer,
  bleuMetric,
  chrfMetric,
  type LineMetric,
  type PairedBootstrap,
  pairedBootstrap,
  scoreLines,
  terMetric,
} from "@attend/metrics";

export interface EvaluateOptions {
  readonly tokenizer: BleuTokenizer;
  /** Compares without regard to case. */
  readonly lowercase: boolean;
}

export interface MetricScore {
  readonly metric: string;
  readonly score: number;
  /** By which it can be compared with others'. */
  readonly signature: string;
}

/** BLEU, chrF, chrF++ and TER, each from 0 to 100 (TER can be more, and less is better). */
export function scoreTranslations(
  hypotheses: readonly string[],
  references: readonly string[],
  options: EvaluateOptions,
): MetricScore[] {
  return metricsOf(options).map((metric) => {
    const { score, signature } = scoreLines(metric, hypotheses, references);
    return { metric: metric.name, score, signature };
  });
}

/** Whether another system's translations of the same lines score differently by more than chance. */
export function compareTranslations(
  texts: {
    readonly baseline: readonly string[];
    readonly system: readonly string[];
    readonly references: readonly string[];
  },
  options: EvaluateOptions,
): (PairedBootstrap & { readonly metric: string })[] {
  return metricsOf(options).map((metric) => {
    const compared = pairedBootstrap(metric, texts);
    // Of no difference sacreBLEU's count says that none was as large.
    const equal = compared.baseline.score === compared.system.score;
    return { ...compared, metric: metric.name, pValue: equal ? 1 : compared.pValue };
  });
}

function metricsOf({ tokenizer, lowercase }: EvaluateOptions): LineMetric[] {
  return [
    bleuMetric({ tokenizer, lowercase }),
    chrfMetric({ lowercase }),
    chrfMetric({ lowercase, wordOrder: 2 }),
    terMetric({ caseSensitive: !lowercase }),
  ];
}
