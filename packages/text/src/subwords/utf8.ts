/** Replaces bytes that are not a character. */
const replacement = "\uFFFD";

/** UTF-8's continuation bytes are 10xxxxxx. */
const isContinuation = (byte: number) => (byte & 0xc0) === 0x80;

/**
 * The bytes of a character (code point) in UTF-8. Half a surrogate pair, which is invalid in UTF-8, gets
 * three bytes by the same scheme (known as WTF-8), so that nothing is lost.
 */
export function bytesOf(character: string): number[] {
  const code = character.codePointAt(0) ?? 0;
  const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)];
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
}

/** Whether a text contains no unpaired surrogate, so that it can be written in UTF-8. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** A range of bytes. */
export type ByteRange = readonly [from: number, to: number];

const continuation: ByteRange = [0x80, 0xbf];

/** The second bytes allowed after special first bytes (The Unicode Standard, table 3-7). */
const secondBytes: ReadonlyMap<number | undefined, ByteRange> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

/** Whether a character of UTF-8 begins with this byte. */
export function beginsCharacter(byte: number): boolean {
  return byte < 0x80 || lengthFrom(byte) > 0;
}

/** The number of characters that begin with this byte, 0 or 1; over a text they add up to its characters. */
export function charactersBegunBy(byte: number): number {
  return isContinuation(byte) ? 0 : 1;
}

/**
 * Assembles bytes to characters, the reverse of {@link bytesOf}. A byte that is not part of one becomes
 * U+FFFD.
 */
export class CharacterAssembler {
  #bytes: number[] = [];

  /** The bytes that may continue an incomplete character; undefined if there is none. */
  get next(): ByteRange | undefined {
    const [first] = this.#bytes;
    if (first === undefined) return undefined;
    return (this.#bytes.length === 1 ? secondBytes.get(first) : undefined) ?? continuation;
  }

  /** Returns the characters that are complete with this byte. */
  push(byte: number): string {
    const [first] = this.#bytes;
    if (first === undefined) {
      if (byte < 0x80) return String.fromCharCode(byte);
      if (lengthFrom(byte) === 0) return replacement;
      this.#bytes.push(byte);
      return "";
    }
    if (!isContinuation(byte)) return this.flush() + this.push(byte);
    this.#bytes.push(byte);
    if (this.#bytes.length < lengthFrom(first)) return "";
    const character = characterOf(this.#bytes);
    if (character === undefined) return this.flush();
    this.#bytes = [];
    return character;
  }

  /** One U+FFFD for each byte of an incomplete character. */
  flush(): string {
    const text = replacement.repeat(this.#bytes.length);
    this.#bytes = [];
    return text;
  }
}

/** The number of bytes of a character that begins with this one; 0 if none does. */
function lengthFrom(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** Undefined for an overlong encoding, or beyond Unicode. */
function characterOf(bytes: readonly number[]): string | undefined {
  const [first = 0, ...rest] = bytes;
  const head = first & (0x7f >> bytes.length);
  const code = rest.reduce((sum, byte) => (sum << 6) | (byte & 0x3f), head);
  const least = [0, 0, 0x80, 0x800, 0x10000][bytes.length] ?? 0;
  return code < least || code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
