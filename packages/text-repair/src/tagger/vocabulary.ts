import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";

const count = z.number().int().nonnegative();

const schema = z.strictObject({
  /** Commonest first; each has a vector. */
  words: z.array(z.string()),
  /** How often each occurred. */
  counts: z.array(count),
  /** How words that are not simply capitalized or in capitals are written: `mcdonald`, `mr`. */
  forms: z.record(z.string(), z.string()),
  /** Words that are mostly capitalized. */
  names: z.array(z.string()),
  /** For each word, the ids of words that often followed it, each with how often it did: `12 30 8 5`. */
  followers: z.array(z.string().regex(/^(?:\d+ \d+(?: |$))*$/, "is not pairs of numbers")),
  /** See `EditCounts`. */
  edits: z.record(z.string(), count),
});

/** The JSON of a {@link Vocabulary}. */
export type VocabularyJson = z.output<typeof schema>;

/** What a repairer knows of words. */
export class Vocabulary {
  readonly json: VocabularyJson;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #names: ReadonlySet<string>;

  constructor(json: VocabularyJson) {
    this.json = json;
    this.#ids = new Map(json.words.map((word, i) => [word, i + 1]));
    this.#names = new Set(json.names);
  }

  /** @throws AttendError BAD_DATA naming `file` if it is not a vocabulary */
  static parse(json: unknown, file: string): Vocabulary {
    return new Vocabulary(parseConfig(schema, json, file, { code: "BAD_DATA" }));
  }

  /** With 0, the id of all unknown words. */
  get size(): number {
    return this.json.words.length + 1;
  }

  /** From 1; 0 for an unknown word. */
  idOf(key: string): number {
    return this.#ids.get(key) ?? 0;
  }

  /** How often it occurred in training; 0 for an unknown word. */
  countOf(key: string): number {
    return this.json.counts[this.idOf(key) - 1] ?? 0;
  }

  isName(key: string): boolean {
    return this.#names.has(key);
  }

  /** How a word like `mcdonald` or `mr` is written. */
  formOf(key: string): string | undefined {
    return Object.hasOwn(this.json.forms, key) ? this.json.forms[key] : undefined;
  }
}
