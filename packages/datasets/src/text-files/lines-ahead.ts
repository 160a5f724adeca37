/** A line and its number, from 1. */
export interface TextLine {
  readonly text: string;
  readonly line: number;
}

/** The lines of a table, with lookahead. */
export class LinesAhead {
  readonly #lines: AsyncIterator<TextLine>;
  readonly #ahead: TextLine[] = [];

  constructor(lines: AsyncIterable<TextLine>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Consumes the next line that is neither blank nor a spreadsheet's empty row; undefined at the end. */
  async next(): Promise<TextLine | undefined> {
    for (;;) {
      const line = await this.peek(0);
      if (line === undefined) return undefined;
      this.skip(1);
      if (/[^\s,;|]/.test(line.text)) return line;
    }
  }

  /** The separator named by a first line such as `sep=;`, as in Excel; consumes that line. */
  async separator(): Promise<string | undefined> {
    const first = await this.peek(0);
    const separator = /^"?sep=(.)"?[\s,;]*$/i.exec(first?.text ?? "")?.[1];
    if (separator !== undefined) this.skip(1);
    return separator;
  }

  /** The line `index` lines after the next one, counting blank ones. */
  async peek(index: number): Promise<TextLine | undefined> {
    while (this.#ahead.length <= index) {
      const { value, done } = await this.#lines.next();
      if (done) return undefined;
      this.#ahead.push(value);
    }
    return this.#ahead[index];
  }

  skip(count: number): void {
    this.#ahead.splice(0, count);
  }
}
