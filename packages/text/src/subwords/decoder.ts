import type { TokenDecoder } from "../tokenizer.ts";
import { type ByteRange, beginsCharacter, CharacterAssembler } from "./utf8.ts";

/** The tokens to decode: special tokens, bytes and texts. */
interface Pieces {
  readonly size: number;
  /** @throws AttendError BAD_ARGUMENT for an id out of range */
  readonly byteOf: (id: number) => number | undefined;
  /** Undefined for special tokens and bytes. */
  readonly textOf: (id: number) => string | undefined;
  /** The bytes that may be generated; undefined: all. */
  readonly bytes: readonly number[] | undefined;
  /** The only special token that may come next, if there is one. */
  readonly end: number | undefined;
}

/** Decodes subwords, and suppresses tokens that would make an invalid or incomplete character. */
export class SubwordDecoder implements TokenDecoder {
  readonly #pieces: Pieces;
  readonly #characters = new CharacterAssembler();
  readonly #suppressed = new Map<ByteRange | undefined, readonly number[]>();

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  push(id: number): string {
    const byte = this.#pieces.byteOf(id);
    if (byte !== undefined) return this.#characters.push(byte);
    return this.flush() + (this.#pieces.textOf(id) ?? "");
  }

  /** U+FFFD for each byte of an incomplete character. */
  flush(): string {
    return this.#characters.flush();
  }

  get suppressed(): readonly number[] {
    const next = this.#characters.next;
    const known = this.#suppressed.get(next);
    if (known !== undefined) return known;
    const { size, byteOf, textOf, bytes, end } = this.#pieces;
    const allowed = bytes && new Set(bytes);
    const isPossible = (id: number) => {
      const byte = byteOf(id);
      if (byte === undefined) return !next && (id === end || textOf(id) !== undefined);
      const fits = next ? byte >= next[0] && byte <= next[1] : beginsCharacter(byte);
      return fits && (allowed?.has(byte) ?? true);
    };
    const suppressed = Array.from({ length: size }, (_, id) => id).filter((id) => !isPossible(id));
    this.#suppressed.set(next, suppressed);
    return suppressed;
  }
}
