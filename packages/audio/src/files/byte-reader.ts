/** Reads a stream of bytes piece by piece. It holds no more than what was asked for and a chunk. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** the number of bytes read so far */
  get position(): number {
    return this.#position;
  }

  /** The next bytes, which stay unread; fewer only at the end. */
  async peek(length: number): Promise<Uint8Array> {
    const parts = [this.#held];
    let missing = length - this.#held.length;
    while (missing > 0) {
      const { done, value } = await this.#chunks.next();
      if (done) break;
      parts.push(value);
      missing -= value.length;
    }
    if (parts.length > 1) this.#held = Buffer.concat(parts);
    return this.#held.subarray(0, length);
  }

  /** The next bytes; fewer only at the end. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#held = this.#held.subarray(bytes.length);
    this.#position += bytes.length;
    return bytes;
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      const { length: skipped } = await this.read(Math.min(left, 65_536));
      if (skipped === 0) return;
      left -= skipped;
    }
  }

  /** Everything that is unread, in chunks. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while ((await this.peek(1)).length > 0) yield this.read(this.#held.length);
  }

  /** Closes the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
