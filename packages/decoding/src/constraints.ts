import { AttendError } from "@attend/runtime";
import type { DecodingTokens } from "./decoder.ts";
import { checkCount, checkEach, checkNumber } from "./options.ts";
import { excludedTokens } from "./state.ts";

/** Sequences whose n-grams are not decoded. */
export interface Avoid {
  readonly sequences: readonly (readonly number[])[];
  /** The size of the n-grams, at least 1. */
  readonly ngram: number;
}

/**
 * Constraints on decoded sequences. Forbidden tokens are skipped without renormalizing: the
 * log-probability of a hypothesis remains that of the model.
 */
export interface ConstraintOptions {
  /** Minimum number of tokens. Default 0. */
  readonly minLength?: number | undefined;
  /** No n-gram of this size occurs twice (Paulus et al. 2018, section 2.5). Default 0: no limit. */
  readonly noRepeatNgram?: number | undefined;
  /** No n-gram of this size that occurs in these sequences: a chatbot does not say again what it said before. */
  readonly avoid?: Avoid | undefined;
  /**
   * The first tokens of each row of the encoding. They count toward length and score and may violate
   * `noRepeatNgram`, but the tokens after them may not.
   */
  readonly prefix?: readonly (readonly number[])[] | undefined;
}

/** The tokens that may follow a hypothesis: only `forced`, if present, or else all but `forbidden`. */
export interface Next {
  readonly forced?: number;
  readonly forbidden: ReadonlySet<number>;
}

/** Any token may follow. */
export const unconstrained: Next = { forbidden: new Set() };

/** The constraints of a batch. If no token is allowed before `minLength`, the sequence ends. */
export class Constraints {
  readonly #minLength: number;
  readonly #ngram: number;
  readonly #avoid: Avoid;
  readonly #prefix: readonly (readonly number[])[];
  readonly #end: number;
  /** Number of tokens without the end and the excluded ones. */
  readonly #words: number;

  constructor(options: ConstraintOptions, special: DecodingTokens, vocabularySize: number) {
    this.#minLength = options.minLength ?? 0;
    this.#ngram = options.noRepeatNgram ?? 0;
    this.#avoid = options.avoid ?? { sequences: [], ngram: 1 };
    this.#prefix = options.prefix ?? [];
    this.#end = special.end;
    this.#words = vocabularySize - reservedTokens(special).size;
  }

  /** The tokens that may follow `tokens` in a row of the encoding. */
  next(row: number, tokens: readonly number[]): Next {
    const forced = this.#prefix[row]?.[tokens.length];
    if (forced !== undefined) return { forced, forbidden: unconstrained.forbidden };
    const forbidden = new Set<number>();
    if (this.#ngram > 0) forbidRepeating(forbidden, tokens, tokens, this.#ngram);
    for (const said of this.#avoid.sequences) {
      forbidRepeating(forbidden, tokens, said, this.#avoid.ngram);
    }
    if (tokens.length >= this.#minLength) return { forbidden };
    if (forbidden.size >= this.#words)
      return { forced: this.#end, forbidden: unconstrained.forbidden };
    return { forbidden: forbidden.add(this.#end) };
  }
}

/** Adds the tokens that, after `tokens`, would repeat an n-gram of `said`. */
function forbidRepeating(
  forbidden: Set<number>,
  tokens: readonly number[],
  said: readonly number[],
  n: number,
): void {
  const last = tokens.length - n + 1; // the start of the incomplete n-gram
  if (last < 0) return;
  for (let from = 0; from + n <= said.length; from++) {
    let same = 0;
    while (same < n - 1 && said[from + same] === tokens[last + same]) same++;
    if (same === n - 1) forbidden.add(said[from + same] as number);
  }
}

/**
 * @param limits the maximum length of each row
 * @returns undefined without constraints
 * @throws AttendError `BAD_ARGUMENT` naming the option that is invalid or cannot be satisfied
 */
export function constraintsOf(
  options: ConstraintOptions,
  special: DecodingTokens,
  vocabularySize: number,
  limits: readonly number[],
): Constraints | undefined {
  const { minLength = 0, noRepeatNgram = 0, avoid, prefix } = options;
  checkNumber("minLength", minLength, { integer: true });
  checkNumber("noRepeatNgram", noRepeatNgram, { integer: true });
  if (avoid !== undefined) checkCount("avoid.ngram", avoid.ngram);
  const short = limits.findIndex((limit) => limit < minLength);
  if (short !== -1) {
    const found = `minLength is ${minLength}, but maxLength is ${limits[short]} (row ${short})`;
    throw new AttendError("BAD_ARGUMENT", `${found}; it must be at most maxLength`);
  }
  if (prefix !== undefined) checkPrefix(prefix, special, vocabularySize, limits);
  const none = minLength === 0 && noRepeatNgram === 0 && (avoid ?? prefix) === undefined;
  return none ? undefined : new Constraints(options, special, vocabularySize);
}

function checkPrefix(
  prefix: readonly (readonly number[])[],
  special: DecodingTokens,
  vocabularySize: number,
  limits: readonly number[],
): void {
  checkEach("prefix", prefix, limits.length);
  const reserved = reservedTokens(special);
  prefix.forEach((tokens, row) => {
    const limit = limits[row] ?? 0;
    if (tokens.length > limit) {
      const found = `the prefix of row ${row} has ${tokens.length} tokens`;
      throw new AttendError("BAD_ARGUMENT", `${found}; it must be at most maxLength (${limit})`);
    }
    for (const token of tokens) {
      const known = Number.isInteger(token) && token >= 0 && token < vocabularySize;
      if (known && !reserved.has(token)) continue;
      throw new AttendError(
        "BAD_ARGUMENT",
        `the prefix of row ${row} contains ${token}; it must contain tokens below ${vocabularySize}, except the start, the end and suppressed ones`,
      );
    }
  });
}

/** The end and the excluded tokens. */
function reservedTokens(special: DecodingTokens): Set<number> {
  return new Set([special.end, ...excludedTokens(special)]);
}
