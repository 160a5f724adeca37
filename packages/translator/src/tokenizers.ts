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

/** The special token ids that searches need, in all vocabularies. */
export const special: SpecialTokens = { pad: 0, start: 1, end: 2, suppressed: [0] };

/** The tokenizers of source and target, often the same object. */
export interface Tokenizers {
  readonly source: Tokenizer;
  readonly target: Tokenizer;
}

interface Sides {
  readonly source: string;
  readonly target: string;
}

/** A larger vocabulary helps only with very large amounts of text. */
export const defaultVocabularySize = 8000;

/**
 * Learns the vocabularies from pairs of sentences; without a `size` they are as large as the pairs
 * allow, up to {@link defaultVocabularySize}.
 *
 * @throws AttendError BAD_ARGUMENT, BAD_DATA if the config's `size` is too large or too small for the
 *   text
 */
export function learnTokenizers(
  pairs: readonly Sides[],
  { kind, shared, size, ...options }: VocabularyConfig,
): Tokenizers {
  const learnFrom = kind === "bpe" ? learnBpe : learnUnigram;
  const settings = {
    ...options,
    size: size ?? defaultVocabularySize,
    fit: size === undefined,
    special: framingTokens,
  };
  const learn = (...sides: (keyof Sides)[]) => {
    try {
      return learnFrom(textsOf(pairs, sides), settings);
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

/** The content of vocabulary.json. */
export function tokenizersToJson({ source, target }: Tokenizers): unknown {
  return source === target ? { shared: source } : { source, target };
}

/** @throws AttendError BAD_DATA */
export function parseTokenizers(json: unknown, file: string): Tokenizers {
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
    `${file} is not a vocabulary of a translation model: it has neither "shared" nor "source" and "target"`,
  );
}

function withSpecial(tokenizer: Tokenizer, file: string): Tokenizer {
  const matches = framingTokens.every((name, id) => tokenizer.token(id) === name);
  if (matches) return tokenizer;
  const message = `${file} does not start with ${framingTokens.join(", ")}; use the file of a translation model`;
  throw new AttendError("BAD_DATA", message);
}
