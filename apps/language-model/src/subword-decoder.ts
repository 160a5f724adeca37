import type { Bpe, BpeDecoder } from "@attend/text";
import type { TokenDecoder } from "./vocabulary.ts";

/** The bytes, from and to, that may follow. */
type ByteRange = readonly [from: number, to: number];

const continuation: ByteRange = [0x80, 0xbf];

/**
 * Decodes subwords, and knows which may come next so that bytes make characters (The Unicode Standard,
 * table 3-7) and only such bytes are written as the training text has.
 */
export class SubwordDecoder implements TokenDecoder {
  readonly #bpe: Bpe;
  readonly #bytes: readonly number[];
  readonly #decoder: BpeDecoder;
  readonly #unwritable = new Map<ByteRange | undefined, readonly number[]>();
  /** Bytes of the character that are to come, and what the next may be. */
  #missing = 0;
  #next: ByteRange | undefined;

  /** @param bytes that the training text is written with */
  constructor(bpe: Bpe, bytes: readonly number[]) {
    this.#bpe = bpe;
    this.#bytes = bytes;
    this.#decoder = bpe.decoder();
  }

  push(id: number): string {
    const byte = this.#bpe.byteOf(id);
    if (byte === undefined) this.#missing = 0;
    else this.#missing = this.#missing > 0 ? this.#missing - 1 : bytesBehind(byte);
    this.#next = this.#missing > 0 ? (secondBytes.get(byte) ?? continuation) : undefined;
    return this.#decoder.push(id);
  }

  get unwritable(): readonly number[] {
    const known = this.#unwritable.get(this.#next);
    if (known !== undefined) return known;
    const made = this.#unwritableNow();
    this.#unwritable.set(this.#next, made);
    return made;
  }

  #unwritableNow(): readonly number[] {
    const next = this.#next;
    const isPossible = (byte: number | undefined) => {
      // Text may follow text.
      if (byte === undefined) return next === undefined;
      if (next !== undefined) return byte >= next[0] && byte <= next[1];
      return byte < 0x80 || bytesBehind(byte) > 0;
    };
    const bytes = new Set<number | undefined>([...this.#bytes, undefined]);
    return Array.from({ length: this.#bpe.size }, (_, id) => id).filter((id) => {
      const byte = this.#bpe.byteOf(id);
      return !(bytes.has(byte) && isPossible(byte));
    });
  }
}

/** How many bytes the character has behind its first. */
function bytesBehind(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 1;
  if (first >= 0xe0 && first <= 0xef) return 2;
  return first >= 0xf0 && first <= 0xf4 ? 3 : 0;
}

/** First bytes behind which not every continuation is a character. */
const secondBytes: ReadonlyMap<number | undefined, ByteRange> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);
