import { parseConfig } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";

/** Fills sequences of a batch up to one length; masked everywhere. */
export const padId = 0;
/** Opens a sequence that a decoder reads. */
export const startId = 1;
/** Closes a sequence that a decoder writes. */
export const endId = 2;
/** Stands for every token that the vocabulary lacks. */
export const unknownId = 3;
/** The special tokens; a token's place is its id. */
export const specialTokens: readonly string[] = ["<pad>", "<start>", "<end>", "<unk>"];

/** What `Vocabulary.toJSON` writes and `parseVocabulary` reads: all tokens in the order of their ids. */
export interface VocabularyJson {
  readonly tokens: readonly string[];
}

/**
 * The tokens that a model knows, each with a number from 0 to `size - 1`. Immutable. Made by
 * `buildVocabulary` or `parseVocabulary`.
 */
export class Vocabulary {
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  /**
   * @param tokens in the order of their ids, the special tokens first.
   * @throws AttendError BAD_DATA where the specials are not first or a token occurs twice.
   */
  constructor(tokens: readonly string[]) {
    for (const [id, special] of specialTokens.entries()) {
      if (tokens[id] === special) continue;
      throw new AttendError(
        "BAD_DATA",
        `A vocabulary begins with ${specialTokens.join(" ")}, but its token ${id} is ${JSON.stringify(tokens[id])}; build it with buildVocabulary.`,
      );
    }
    this.#tokens = [...tokens];
    const ids = new Map<string, number>();
    for (const [id, token] of tokens.entries()) {
      const former = ids.get(token);
      if (former !== undefined) {
        throw new AttendError(
          "BAD_DATA",
          `A vocabulary holds each token once, but ${JSON.stringify(token)} has the ids ${former} and ${id}; remove one and train again.`,
        );
      }
      ids.set(token, id);
    }
    this.#ids = ids;
  }

  /** The number of tokens, specials included. */
  get size(): number {
    return this.#tokens.length;
  }

  /** Whether the vocabulary has a token. */
  has(token: string): boolean {
    return this.#ids.has(token);
  }

  /** The id of `token`, `unknownId` where the vocabulary lacks it. */
  id(token: string): number {
    return this.#ids.get(token) ?? unknownId;
  }

  /** @throws AttendError BAD_ARGUMENT where no token has this id. */
  token(id: number): string {
    const token = this.#tokens[id];
    if (token === undefined) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `Token ids of this vocabulary are whole numbers from 0 to ${this.size - 1}, but ${id} was given; does the vocabulary belong to the model?`,
      );
    }
    return token;
  }

  /** One id a token; neither start nor end is added. Text that reads `<end>` is unknown, no end. */
  encode(tokens: readonly string[]): number[] {
    return tokens.map((token) => Math.max(this.id(token), unknownId));
  }

  /** The tokens up to the first end, special tokens left out. */
  decode(ids: Iterable<number>): string[] {
    const tokens: string[] = [];
    for (const id of ids) {
      if (id === endId) break;
      const token = this.token(id);
      if (id >= specialTokens.length) tokens.push(token);
    }
    return tokens;
  }

  /** As {@link parseVocabulary} reads it. */
  toJSON(): VocabularyJson {
    return { tokens: this.#tokens };
  }
}

/**
 * Counts tokens and numbers those that occur at least `minCount` times, by descending count, ties in
 * the order of their code units, after the special tokens.
 *
 * @throws AttendError BAD_ARGUMENT where `minCount` is not a whole number of at least 1.
 */
export function buildVocabulary(
  tokenLists: Iterable<readonly string[]>,
  { minCount = 1 }: { minCount?: number } = {},
): Vocabulary {
  if (!Number.isInteger(minCount) || minCount < 1) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `minCount is a whole number of at least 1, but ${minCount} was given.`,
    );
  }
  const counts = countTokens(tokenLists);
  // A token written like a special one must not be taken for it.
  for (const special of specialTokens) counts.delete(special);
  const kept = [...counts].filter(([, count]) => count >= minCount);
  kept.sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return new Vocabulary([...specialTokens, ...kept.map(([token]) => token)]);
}

/**
 * The largest `minCount` up to the one asked for with which at most the share `maxUnknown` of all tokens,
 * repetitions counted, becomes unknown; at least 1.
 *
 * @returns it, and the share that the one asked for makes unknown: 0 for no tokens
 */
export function fitMinCount(
  tokenLists: Iterable<readonly string[]>,
  { minCount, maxUnknown }: { minCount: number; maxUnknown: number },
): { minCount: number; askedUnknown: number } {
  const counts = [...countTokens(tokenLists).values()];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const unknownBy = (least: number) =>
    counts.reduce((sum, count) => sum + (count < least ? count : 0), 0) / Math.max(total, 1);
  const askedUnknown = unknownBy(minCount);
  let fitting = minCount;
  while (fitting > 1 && unknownBy(fitting) > maxUnknown) fitting--;
  return { minCount: fitting, askedUnknown };
}

function countTokens(tokenLists: Iterable<readonly string[]>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tokens of tokenLists) {
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

const vocabularySchema = z.object({ tokens: z.array(z.string().min(1)) });

/**
 * Reads what `toJSON` wrote.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA where the shape is wrong, a special token is missing or a token occurs
 *   twice
 */
export function parseVocabulary(json: unknown, source = "the vocabulary"): Vocabulary {
  const remedy = 'a vocabulary is { "tokens": ["<pad>", ...] }; copy or train the model again';
  const { tokens } = parseConfig(vocabularySchema, json, source, { code: "BAD_DATA", remedy });
  return new Vocabulary(tokens);
}
