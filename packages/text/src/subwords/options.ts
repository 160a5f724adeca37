import { AttendError } from "@attend/runtime/errors";
import { type Normalization, normalizations } from "./pretokenize.ts";

/** The most tokens of a tokenizer, so that two ids fit into one number. */
export const maxSize = 2 ** 20;
/** The most characters of a token. */
export const maxTokenLength = 100;
/** The most special tokens. */
export const maxSpecial = 1000;

/** How a subword tokenizer is learned. */
export interface SubwordOptions {
  /** Number of tokens: special ones, 256 bytes, characters and pieces of several characters. */
  readonly size: number;
  /**
   * Makes `size` an upper limit: tokens of several characters must occur at least five times in the texts,
   * and characters beyond the limit are encoded as bytes. Default false: a `size` that is too large or too
   * small is an error.
   */
  readonly fit?: boolean | undefined;
  /** Rarer characters are encoded as bytes; default 1. */
  readonly minCount?: number | undefined;
  /**
   * The fraction of the text, above 0 to 1, that the most frequent characters must cover; the others are
   * encoded as bytes. Default 1; 0.9995 is common for Chinese and Japanese.
   */
  readonly coverage?: number | undefined;
  /** The most characters of a token; default 16. */
  readonly maxLength?: number | undefined;
  /** Applied to all texts; default `none`, which loses nothing. */
  readonly normalization?: Normalization | undefined;
  /** Converts all texts to lower case, which decoding does not undo; default false. */
  readonly lowerCase?: boolean | undefined;
  /** Tokens with the first ids, which no text is encoded to, such as `framingTokens`; default none. */
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
    const message = `coverage is ${coverage}; give a fraction above 0 and at most 1`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (!normalizations.includes(normalization)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `normalization is ${JSON.stringify(normalization)}; give one of ${normalizations.join(", ")}`,
    );
  }
  if (
    special.length > maxSpecial ||
    special.includes("") ||
    new Set(special).size < special.length
  ) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `special is ${JSON.stringify(special).slice(0, 100)}; give at most ${maxSpecial} different names, none empty`,
    );
  }
  const copy = [...special];
  return { size, fit, minCount, coverage, maxLength, normalization, lowerCase, special: copy };
}

function checkCount(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `${name} is ${value}; give a whole number from 1 to ${most}`,
  );
}
