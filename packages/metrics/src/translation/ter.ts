import { type LineMetric, type ReferenceLines, scoreLines } from "./line-metric.ts";
import { countEdits } from "./shifts.ts";
import { yesOrNo } from "./signature.ts";
import { wordsForTer } from "./ter-words.ts";

/** Options with sacreBLEU's names and defaults. */
export interface TerOptions {
  /** Separates punctuation from words and decodes `&quot;` and other entities. Default false. */
  readonly normalized?: boolean;
  /** Removes punctuation. Default false. */
  readonly noPunctuation?: boolean;
  /**
   * `normalized` splits off each ideograph, and `noPunctuation` also removes Asian punctuation.
   * Default false.
   */
  readonly asianSupport?: boolean;
  /** Default false. */
  readonly caseSensitive?: boolean;
}

/** A translation edit rate and its components. */
export interface TerScore {
  /** Edits per 100 reference words: 0 is best, and there is no upper bound. */
  readonly score: number;
  readonly edits: number;
  /** In words; the mean over each line's references. */
  readonly referenceLength: number;
}

/**
 * Translation edit rate (Snover et al., 'A Study of Translation Edit Rate with Targeted Human
 * Annotation', 2006) of lines of text, as sacreBLEU computes it following Tercom. If a line has
 * several references, the one that needs the fewest edits counts.
 */
export function terMetric({
  normalized = false,
  noPunctuation = false,
  asianSupport = false,
  caseSensitive = false,
}: TerOptions = {}): LineMetric<TerScore> {
  const options = { normalized, noPunctuation, asianSupport, caseSensitive };
  return {
    name: "TER",
    higherIsBetter: false,
    settings: [
      `case:${caseSensitive ? "mixed" : "lc"}`,
      "tok:tercom",
      `norm:${yesOrNo(normalized)}`,
      `punct:${yesOrNo(!noPunctuation)}`,
      `asian:${yesOrNo(asianSupport)}`,
    ],
    statistics(hypothesis, references) {
      const ids = new Map<string, number>();
      const number = (words: readonly string[]) =>
        Int32Array.from(words, (word) => {
          const id = ids.get(word) ?? ids.size;
          ids.set(word, id);
          return id;
        });
      const words = number(wordsForTer(hypothesis, options));
      let edits = Number.POSITIVE_INFINITY;
      let length = 0;
      for (const line of references) {
        // sacreBLEU normalizes references twice, which splits `...` further than once.
        const once = wordsForTer(line, options).join(" ");
        const reference = number(wordsForTer(once, options));
        edits = Math.min(edits, countEdits(words, reference));
        length += reference.length;
      }
      return [edits, length / references.length];
    },
    result(statistics) {
      const [edits = 0, referenceLength = 0] = Array.from(statistics);
      // With an empty reference, every word is an error.
      const rate = referenceLength > 0 ? edits / referenceLength : edits > 0 ? 1 : 0;
      return { score: 100 * rate, edits, referenceLength };
    },
  };
}

/**
 * Corpus TER of lines of text, as sacreBLEU computes it.
 *
 * @throws AttendError BAD_DATA if there are no lines, the number of hypotheses and lines differ, or
 * a line has no reference.
 */
export function scoreTer(
  hypotheses: readonly string[],
  references: ReferenceLines,
  options: TerOptions = {},
): TerScore & { readonly signature: string } {
  return scoreLines(terMetric(options), hypotheses, references);
}
