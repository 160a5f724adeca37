import { AttendError } from "@attend/runtime/errors";
import { match, maxLength } from "../bleu-matches.ts";
import { type BleuSmoothing, smoothBleu } from "../bleu-smoothing.ts";
import { type LineMetric, type ReferenceLines, scoreLines } from "./line-metric.ts";
import { yesOrNo } from "./signature.ts";
import { type BleuTokenizer, checkTokenizer, tokenizeForBleu } from "./tokenize.ts";

/** Options with sacreBLEU's names and defaults. */
export interface SacreBleuOptions {
  /** Default `13a`. */
  readonly tokenizer?: BleuTokenizer;
  /** Ignores case. Default false. */
  readonly lowercase?: boolean;
  /** How an n-gram order without a match is scored. Default `exp`. */
  readonly smoothing?: BleuSmoothing;
  /** Only for `floor` (default 0.1) and `add-k` (default 1); 0 or more. */
  readonly smoothingValue?: number;
  /**
   * Skips n-gram orders that the hypotheses are too short for. Default false; true for a single
   * line.
   */
  readonly effectiveOrder?: boolean;
}

/** A BLEU score and its components. */
export interface SacreBleuScore {
  /** 0 to 100. */
  readonly score: number;
  /** For n-grams of one to four tokens, smoothed; 0 to 100. */
  readonly precisions: readonly number[];
  /** 0 to 1. */
  readonly brevityPenalty: number;
  /** In tokens. */
  readonly hypothesisLength: number;
  /** In tokens; for each line, the length of the reference closest in length. */
  readonly referenceLength: number;
}

const defaultValues: Readonly<Record<BleuSmoothing, number | undefined>> = {
  none: undefined,
  floor: 0.1,
  "add-k": 1,
  exp: undefined,
};

/**
 * BLEU (Papineni et al. 2002) of lines of text, as sacreBLEU computes it (Post, 'A Call for Clarity
 * in Reporting BLEU Scores', 2018).
 *
 * @throws AttendError BAD_ARGUMENT if the tokenizer or smoothing is unknown, or the smoothing value
 * is invalid.
 */
export function bleuMetric({
  tokenizer = "13a",
  lowercase = false,
  smoothing = "exp",
  smoothingValue,
  effectiveOrder = false,
}: SacreBleuOptions = {}): LineMetric<SacreBleuScore> {
  checkTokenizer(tokenizer);
  const value = checkSmoothing(smoothing, smoothingValue);
  const smooth = value === undefined ? smoothing : `${smoothing}[${value.toFixed(2)}]`;
  const tokenize = (line: string) => tokenizeForBleu(line, tokenizer, { lowercase });
  return {
    name: "BLEU",
    higherIsBetter: true,
    settings: [
      `case:${lowercase ? "lc" : "mixed"}`,
      `eff:${yesOrNo(effectiveOrder)}`,
      `tok:${tokenizer}`,
      `smooth:${smooth}`,
    ],
    statistics(hypothesis, references) {
      const matches = match(tokenize(hypothesis), references.map(tokenize));
      return [matches.length, matches.referenceLength, ...matches.correct, ...matches.total];
    },
    result(statistics) {
      const [hypothesisLength = 0, referenceLength = 0, ...counts] = Array.from(statistics);
      const correct = counts.slice(0, maxLength);
      const total = counts.slice(maxLength);
      const matches = { correct, total, length: hypothesisLength, referenceLength };
      const method = { method: smoothing, value: value ?? 0 };
      const bleu = smoothBleu(matches, maxLength, method, effectiveOrder);
      return {
        score: 100 * bleu.score,
        precisions: bleu.precisions.map((precision) => 100 * precision),
        brevityPenalty: bleu.brevityPenalty,
        hypothesisLength,
        referenceLength,
      };
    },
  };
}

/**
 * Corpus BLEU of lines of text, as sacreBLEU computes it.
 *
 * @param references one or more per line (sacreBLEU groups them the other way: the first references
 * of all lines, then the second references of all lines).
 * @throws AttendError BAD_DATA if there are no lines, the number of hypotheses and lines differ, or
 * a line has no reference; BAD_ARGUMENT if an option is invalid.
 */
export function scoreSacreBleu(
  hypotheses: readonly string[],
  references: ReferenceLines,
  options: SacreBleuOptions = {},
): SacreBleuScore & { readonly signature: string } {
  return scoreLines(bleuMetric(options), hypotheses, references);
}

/**
 * BLEU of one line, like sacreBLEU's `sentence_bleu`: n-gram orders that the line is too short for
 * are skipped unless `effectiveOrder` is false.
 *
 * @throws AttendError BAD_DATA if there is no reference; BAD_ARGUMENT if an option is invalid.
 */
export function scoreSentenceBleu(
  hypothesis: string,
  references: string | readonly string[],
  options: SacreBleuOptions = {},
): SacreBleuScore & { readonly signature: string } {
  return scoreSacreBleu([hypothesis], [references], { effectiveOrder: true, ...options });
}

/** The smoothing's value, if it takes one. */
function checkSmoothing(smoothing: BleuSmoothing, given: number | undefined): number | undefined {
  if (!Object.hasOwn(defaultValues, smoothing)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `there is no BLEU smoothing "${smoothing}"; use one of ${Object.keys(defaultValues).join(", ")}`,
    );
  }
  if (given === undefined) return defaultValues[smoothing];
  if (defaultValues[smoothing] === undefined) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `smoothing ${smoothing} takes no value, but ${given} was given; leave it out, or use floor or add-k`,
    );
  }
  if (given >= 0 && given < Number.POSITIVE_INFINITY) return given;
  throw new AttendError(
    "BAD_ARGUMENT",
    `the value of smoothing ${smoothing} is ${given}; it must be a number of 0 or more`,
  );
}
