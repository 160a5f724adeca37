import { AttendError } from "@attend/runtime/errors";
import { match, maxLength } from "../bleu-matches.ts";
import { type BleuSmoothing, smoothBleu } from "../bleu-smoothing.ts";
import { type LineMetric, type ReferenceLines, scoreLines } from "./line-metric.ts";
import { yesOrNo } from "./signature.ts";
import { type BleuTokenizer, checkTokenizer, tokenizeForBleu } from "./tokenize.ts";

export interface SacreBleuOptions {
  /** Default `13a`. */
  readonly tokenizer?: BleuTokenizer;
  /** Compares without regard to case. Default false. */
  readonly lowercase?: boolean;
  /** What becomes of an n-gram length without a match. Default `exp`. */
  readonly smoothing?: BleuSmoothing;
  /** Of `floor` (default 0.1) and `add-k` (default 1) alone; 0 or above. */
  readonly smoothingValue?: number;
  /** Leaves out the n-gram lengths that hypotheses are too short for. Default false; true for one line. */
  readonly effectiveOrder?: boolean;
}

export interface SacreBleuScore {
  /** 0 to 100. */
  readonly score: number;
  /** Of n-grams of one to four tokens, smoothed; 0 to 100. */
  readonly precisions: readonly number[];
  /** 0 to 1. */
  readonly brevityPenalty: number;
  /** In tokens. */
  readonly hypothesisLength: number;
  /** In tokens: of each line's references the one whose length is nearest. */
  readonly referenceLength: number;
}

const defaultValues: Readonly<Record<BleuSmoothing, number | undefined>> = {
  none: undefined,
  floor: 0.1,
  "add-k": 1,
  exp: undefined,
};

/**
 * BLEU (Papineni et al. 2002) of lines of text, as sacreBLEU computes it (Post, 'A Call for Clarity in
 * Reporting BLEU Scores', 2018).
 *
 * @throws AttendError BAD_ARGUMENT where there is no such tokeniser or smoothing, or its value is unfit.
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
 * @param references each line's one or several (sacreBLEU takes them the other way round: first references
 * of all lines, second references of all lines).
 * @throws AttendError BAD_DATA where there is no line, not one hypothesis a line, or a line without
 * reference; BAD_ARGUMENT where an option is unfit.
 */
export function scoreSacreBleu(
  hypotheses: readonly string[],
  references: ReferenceLines,
  options: SacreBleuOptions = {},
): SacreBleuScore & { readonly signature: string } {
  return scoreLines(bleuMetric(options), hypotheses, references);
}

/**
 * BLEU of one line, as sacreBLEU's `sentence_bleu`: n-gram lengths that the line is too short for are left
 * out unless `effectiveOrder` is false.
 *
 * @throws AttendError BAD_DATA where there is no reference; BAD_ARGUMENT where an option is unfit.
 */
export function scoreSentenceBleu(
  hypothesis: string,
  references: string | readonly string[],
  options: SacreBleuOptions = {},
): SacreBleuScore & { readonly signature: string } {
  return scoreSacreBleu([hypothesis], [references], { effectiveOrder: true, ...options });
}

/** The value that the smoothing takes, where it takes one. */
function checkSmoothing(smoothing: BleuSmoothing, given: number | undefined): number | undefined {
  if (!Object.hasOwn(defaultValues, smoothing)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `There is no BLEU smoothing "${smoothing}"; take one of ${Object.keys(defaultValues).join(", ")}.`,
    );
  }
  if (given === undefined) return defaultValues[smoothing];
  if (defaultValues[smoothing] === undefined) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `The smoothing ${smoothing} takes no value, but ${given} was given; leave it out, or take floor or add-k.`,
    );
  }
  if (given >= 0 && given < Number.POSITIVE_INFINITY) return given;
  throw new AttendError(
    "BAD_ARGUMENT",
    `The value of the smoothing ${smoothing} is ${given}; give a number of 0 or above.`,
  );
}
