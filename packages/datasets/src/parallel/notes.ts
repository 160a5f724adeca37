/** What a person should know of some lines, though their file could be read. */
export class Notes {
  // Of untrusted files there may be many millions: the first lines stand for all.
  readonly #notes = new Map<
    string,
    { file: string; what: string; count: number; first: number[] }
  >();

  add(file: string, line: number, what: string): void {
    const key = `${what}\n${file}`;
    const note = this.#notes.get(key) ?? { file, what, count: 0, first: [] };
    if (note.count++ < 3) note.first.push(line);
    this.#notes.set(key, note);
  }

  /** How many lines of all files there are of which this was noted. */
  count(what: string): number {
    return [...this.#notes.values()]
      .filter((note) => note.what === what)
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** One text for each file and what was noted of it. */
  texts(): string[] {
    return [...this.#notes.values()].map(({ file, what, count, first }) => {
      const rest = count - first.length;
      const more = rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "";
      return `${file} line ${first.join(", ")}${more}: ${what}`;
    });
  }
}
