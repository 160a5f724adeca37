import { parseConfig } from "@attend/runtime/config";
import { type Bpe, type BpeOptions, learnBpe, parseBpe } from "@attend/text";
import { z } from "zod";
import { SubwordDecoder } from "./subword-decoder.ts";
import type { EncodedText, TokenDecoder, Vocabulary } from "./vocabulary.ts";

const byte = z.number().int().min(0).max(255);

/** What vocabulary.json holds; `parseBpe` checks the subwords. */
const subwordsSchema = z.strictObject({ subwords: z.unknown(), bytes: z.array(byte).max(256) });

/**
 * Tokens of byte-pair encoding, which every text has. Immutable. Made by {@link learnSubwords} or
 * {@link parseSubwords}.
 */
export class Subwords implements Vocabulary {
  readonly unit = "tokens";
  readonly startId: number;
  readonly #bpe: Bpe;
  readonly #bytes: readonly number[];
  readonly #characters: Int32Array;

  /** @param bytes that the training text is written with; a model knows nothing of the others */
  constructor(bpe: Bpe, bytes: readonly number[]) {
    this.#bpe = bpe;
    this.#bytes = bytes;
    const ids = Array.from({ length: bpe.size }, (_, id) => id);
    this.#characters = Int32Array.from(ids, (id) => bpe.charactersOf(id));
    // Where there are no lines, as behind the most frequent character.
    const starts = [...bpe.encode("\n"), ...ids];
    this.startId = starts.find((id) => bpe.byteOf(id) === undefined) ?? 0;
  }

  get size(): number {
    return this.#bpe.size;
  }

  encode(text: string): EncodedText {
    return { ids: Int32Array.from(this.#bpe.encode(text)), skipped: 0 };
  }

  charactersOf(id: number): number {
    return this.#characters[id] ?? 0;
  }

  decoder(): TokenDecoder {
    return new SubwordDecoder(this.#bpe, this.#bytes);
  }

  toJSON(): z.input<typeof subwordsSchema> {
    return { subwords: this.#bpe.toJSON(), bytes: [...this.#bytes] };
  }
}

/** @throws AttendError as `learnBpe` does */
export function learnSubwords(
  text: string,
  { size, minCount }: Pick<BpeOptions, "size" | "minCount">,
): Subwords {
  const bpe = learnBpe([text], { size, ...(minCount !== undefined && { minCount }) });
  const bytes = new Set<number>();
  for (const id of bpe.encode(text)) {
    const value = bpe.byteOf(id);
    if (value !== undefined) bytes.add(value);
  }
  return new Subwords(
    bpe,
    [...bytes].sort((a, b) => a - b),
  );
}

/**
 * Reads what `toJSON` wrote.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA
 */
export function parseSubwords(json: unknown, source: string): Subwords {
  const remedy =
    'a vocabulary is { "subwords": { ... }, "bytes": [0 to 255, ...] }; copy or train the model again';
  const { subwords, bytes } = parseConfig(subwordsSchema, json, source, {
    code: "BAD_DATA",
    remedy,
  });
  return new Subwords(parseBpe(subwords, source), bytes);
}
