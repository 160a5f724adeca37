import { AttendError } from "@attend/runtime/errors";
import {
  framingTokens,
  learnBpe,
  learnUnigram,
  parseTokenizer,
  type SpecialTokens,
  type Tokenizer,
} from "@attend/text";
import type { VocabularyConfig } from "./config.ts";

/** The id of padding, in every vocabulary. */
export const padId = 0;
/** The ids that every search needs, in every vocabulary. */
export const special: SpecialTokens = { pad: padId, start: 1, end: 2, suppressed: [padId] };

/** What sources are read in and translations written in: often one and the same. */
export interface Vocabularies {
  readonly source: Tokenizer;
  readonly target: Tokenizer;
}

interface Sides {
  readonly source: string;
  readonly target: string;
}

/** More tokens than this help only with more text than most have. */
export const usualSize = 8000;

/**
 * Learns the vocabularies from pairs of sentences; without a `size` one that fits them.
 *
 * @throws AttendError BAD_ARGUMENT, BAD_DATA where the config's `size` does not fit the text
 */
export function learnVocabularies(
  pairs: readonly Sides[],
  { kind, shared, size, ...options }: VocabularyConfig,
): Vocabularies {
  const learnFrom = kind === "bpe" ? learnBpe : learnUnigram;
  const fitted = {
    ...options,
    size: size ?? usualSize,
    fit: size === undefined,
    special: framingTokens,
  };
  const learn = (...sides: (keyof Sides)[]) => {
    try {
      return learnFrom(textsOf(pairs, sides), fitted);
    } catch (thrown) {
      if (!AttendError.isInstance(thrown) || size === undefined) throw thrown;
      const message = `--vocabulary-size ("size" in the --config) is ${size}: ${thrown.message}`;
      throw new AttendError(thrown.code, message, { cause: thrown });
    }
  };
  if (shared) {
    const both = learn("source", "target");
    return { source: both, target: both };
  }
  return { source: learn("source"), target: learn("target") };
}

function* textsOf(pairs: readonly Sides[], sides: readonly (keyof Sides)[]): Generator<string> {
  for (const pair of pairs) for (const side of sides) yield pair[side];
}

/** What vocabulary.json holds. */
export function vocabulariesToJson({ source, target }: Vocabularies): unknown {
  return source === target ? { shared: source } : { source, target };
}

/** @throws AttendError BAD_DATA */
export function parseVocabularies(json: unknown, file: string): Vocabularies {
  const parts =
    typeof json === "object" && json !== null ? new Map(Object.entries(json)) : undefined;
  const read = (part: string) =>
    withSpecial(parseTokenizer(parts?.get(part), `${file}, "${part}"`), file);
  if (parts?.has("shared")) {
    const both = read("shared");
    return { source: both, target: both };
  }
  if (parts?.has("source") && parts.has("target")) {
    return { source: read("source"), target: read("target") };
  }
  throw new AttendError(
    "BAD_DATA",
    `${file} is no vocabulary of a translation model: it has neither "shared" nor "source" and "target"`,
  );
}

function withSpecial(tokenizer: Tokenizer, file: string): Tokenizer {
  const fits = framingTokens.every((name, id) => tokenizer.token(id) === name);
  if (fits) return tokenizer;
  const message = `${file} does not begin with ${framingTokens.join(", ")}; is it a translation model's?`;
  throw new AttendError("BAD_DATA", message);
}
