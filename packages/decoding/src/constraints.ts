import { AttendError } from "@attend/runtime";
import type { SpecialTokens } from "./decoder.ts";
import { checkEach, checkNumber } from "./options.ts";
import { neverChosen } from "./state.ts";

/**
 * What a decoded sequence must keep to. Nothing is renormalised: what is forbidden is passed over, and a
 * hypothesis' log-probability stays that of the model.
 */
export interface ConstraintOptions {
  /** No end before so many tokens; 0 is none. */
  readonly minLength?: number | undefined;
  /** No run of so many tokens occurs twice (Paulus et al. 2018, section 2.5); 0 allows all. */
  readonly noRepeatNgram?: number | undefined;
  /**
   * For each row of the encoding the tokens it begins with, none for an empty list. They count for the
   * length and the score, and may break `noRepeatNgram`; what follows them may not.
   */
  readonly prefix?: readonly (readonly number[])[] | undefined;
}

/** What may follow a hypothesis: only `forced` where it is given, else all but `forbidden`. */
export interface Next {
  readonly forced?: number;
  readonly forbidden: ReadonlySet<number>;
}

/** Anything may follow. */
export const free: Next = { forbidden: new Set() };

/** The constraints of a whole batch. Where nothing may follow before `minLength`, the sequence ends. */
export class Constraints {
  readonly #minLength: number;
  readonly #ngram: number;
  readonly #prefix: readonly (readonly number[])[];
  readonly #end: number;
  /** How many tokens there are besides the end and those never chosen. */
  readonly #words: number;

  constructor(options: ConstraintOptions, special: SpecialTokens, vocabularySize: number) {
    this.#minLength = options.minLength ?? 0;
    this.#ngram = options.noRepeatNgram ?? 0;
    this.#prefix = options.prefix ?? [];
    this.#end = special.end;
    this.#words = vocabularySize - reserved(special).size;
  }

  /** What may follow `tokens` in a row of the encoding. */
  next(row: number, tokens: readonly number[]): Next {
    const forced = this.#prefix[row]?.[tokens.length];
    if (forced !== undefined) return { forced, forbidden: free.forbidden };
    const forbidden = this.#ngram > 0 ? repeating(tokens, this.#ngram) : new Set<number>();
    if (tokens.length >= this.#minLength) return { forbidden };
    if (forbidden.size >= this.#words) return { forced: this.#end, forbidden: free.forbidden };
    return { forbidden: forbidden.add(this.#end) };
  }
}

/** The tokens that would end an n-gram which `tokens` has already. */
function repeating(tokens: readonly number[], n: number): Set<number> {
  const found = new Set<number>();
  const last = tokens.length - n + 1; // where the unfinished n-gram begins
  for (let from = 0; from < last; from++) {
    let same = 0;
    while (same < n - 1 && tokens[from + same] === tokens[last + same]) same++;
    if (same === n - 1) found.add(tokens[from + same] as number);
  }
  return found;
}

/**
 * @param limits the maximal length of each row
 * @returns nothing where nothing is asked for
 * @throws AttendError `BAD_ARGUMENT` naming the option that is wrong or cannot be kept
 */
export function constraintsOf(
  options: ConstraintOptions,
  special: SpecialTokens,
  vocabularySize: number,
  limits: readonly number[],
): Constraints | undefined {
  const { minLength = 0, noRepeatNgram = 0, prefix } = options;
  checkNumber("minLength", minLength, { whole: true });
  checkNumber("noRepeatNgram", noRepeatNgram, { whole: true });
  const short = limits.findIndex((limit) => limit < minLength);
  if (short !== -1) {
    const found = `minLength is ${minLength}, but maxLength is ${limits[short]} (row ${short})`;
    throw new AttendError("BAD_ARGUMENT", `${found}; it must be at most maxLength`);
  }
  if (prefix !== undefined) checkPrefix(prefix, special, vocabularySize, limits);
  const none = minLength === 0 && noRepeatNgram === 0 && prefix === undefined;
  return none ? undefined : new Constraints(options, special, vocabularySize);
}

function checkPrefix(
  prefix: readonly (readonly number[])[],
  special: SpecialTokens,
  vocabularySize: number,
  limits: readonly number[],
): void {
  checkEach("prefix", prefix, limits.length);
  const refused = reserved(special);
  prefix.forEach((tokens, row) => {
    const limit = limits[row] ?? 0;
    if (tokens.length > limit) {
      const found = `the prefix of row ${row} has ${tokens.length} tokens`;
      throw new AttendError("BAD_ARGUMENT", `${found}; it must be at most maxLength (${limit})`);
    }
    for (const token of tokens) {
      const known = Number.isInteger(token) && token >= 0 && token < vocabularySize;
      if (known && !refused.has(token)) continue;
      throw new AttendError(
        "BAD_ARGUMENT",
        `the prefix of row ${row} holds ${token}; it must hold tokens below ${vocabularySize}, not the start, the end or suppressed ones`,
      );
    }
  });
}

/** What is no word: the end, and what is never chosen. */
function reserved(special: SpecialTokens): Set<number> {
  return new Set([special.end, ...neverChosen(special)]);
}
