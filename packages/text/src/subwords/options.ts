import { AttendError } from "@attend/runtime/errors";
import { type Normalization, normalizations } from "./pretokenize.ts";

/** Tokens that a tokenizer may hold: two ids then fit into one number. */
export const maxSize = 2 ** 20;
/** Characters that a token may have. */
export const maxTokenLength = 100;
/** Special tokens that it may have. */
export const maxSpecial = 1000;

/** How a tokenizer of subwords is learned. */
export interface SubwordOptions {
  /** How many tokens: special ones, 256 bytes, characters and pieces of several characters. */
  readonly size: number;
  /**
   * Takes `size` as the most: no token of several characters is made that would stand in the texts fewer
   * than five times, and characters that find no room are written in bytes. Default false: a `size` that
   * does not fit is an error.
   */
  readonly fit?: boolean | undefined;
  /** Characters that occur less often are written in bytes; default 1. */
  readonly minCount?: number | undefined;
  /**
   * The share of the text, above 0 to 1, that the kept characters make up, the most frequent first; the
   * others are written in bytes. Default 1; 0.9995 is usual for Chinese and Japanese.
   */
  readonly coverage?: number | undefined;
  /** Of a token, in characters; default 16. */
  readonly maxLength?: number | undefined;
  /** Applied to every text that is learned from or encoded; default `none`, which loses nothing. */
  readonly normalization?: Normalization | undefined;
  /** Writes every text in lower case; default false. Capitals do not come back when decoding. */
  readonly lowerCase?: boolean | undefined;
  /** Tokens with the first ids, which no text is encoded to: `framingTokens`, for one; default none. */
  readonly special?: readonly string[] | undefined;
}

type Checked = { readonly [Name in keyof SubwordOptions]-?: NonNullable<SubwordOptions[Name]> };

/** The options with their defaults. @throws AttendError BAD_ARGUMENT for one out of range */
export function checkOptions(options: SubwordOptions): Checked {
  const { size, fit = false, minCount = 1, coverage = 1, maxLength = 16 } = options;
  const { normalization = "none", lowerCase = false, special = [] } = options;
  checkCount("size", size, maxSize - maxSpecial);
  checkCount("minCount", minCount, Number.MAX_SAFE_INTEGER);
  checkCount("maxLength", maxLength, maxTokenLength);
  if (!(coverage > 0 && coverage <= 1)) {
    const message = `coverage is a share above 0 and at most 1, but ${coverage} was given`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (!normalizations.includes(normalization)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `normalization is ${normalizations.join(", ")}, but ${JSON.stringify(normalization)} was given`,
    );
  }
  if (
    special.length > maxSpecial ||
    special.includes("") ||
    new Set(special).size < special.length
  ) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `special is a list of at most ${maxSpecial} names, none empty or there twice, but ${JSON.stringify(special).slice(0, 100)} was given`,
    );
  }
  const copy = [...special];
  return { size, fit, minCount, coverage, maxLength, normalization, lowerCase, special: copy };
}

function checkCount(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `${name} is a whole number from 1 to ${most}, but ${value} was given`,
  );
}
