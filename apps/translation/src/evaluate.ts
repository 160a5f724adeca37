import {
  type BleuTokenizer,
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

/** As sacreBLEU's command line has them; those of BLEU alone, `lowercase` too, where not told otherwise. */
export interface EvaluateOptions extends Omit<SacreBleuOptions, "effectiveOrder"> {
  readonly chrfLowercase?: boolean | undefined;
  readonly terCaseSensitive?: boolean | undefined;
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
  references: ReferenceLines,
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
    readonly references: ReferenceLines;
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

/** @throws AttendError BAD_ARGUMENT for options that do not go together */
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

/** What BLEU counts: words as WMT's 13a has them; Chinese as sacreBLEU does; else characters where no spaces tell the words. */
export function tokenizerFor(language: string): BleuTokenizer {
  const { script = "" } = new Intl.Locale(language).maximize();
  if (/^Han[ist]$/.test(script)) return "zh";
  return /^(Jpan|Thai|Laoo|Khmr|Mymr)$/.test(script) ? "char" : "13a";
}
