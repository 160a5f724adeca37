import { AttendError, printable } from "@attend/runtime/errors";
import { nameSome } from "./name-some.ts";

/** What is told of some lines of a file, and how many they are. */
interface Note {
  readonly file: string;
  readonly what: string;
  count: number;
  /** Of untrusted files there may be many millions: the first lines stand for all. */
  readonly first: number[];
}

/** What a person should know of some lines, though their files could be read. */
export class Notes {
  readonly #unit: string;
  readonly #notes = new Map<string, Note>();

  /** @param unit what a line's number counts: `line`, `entry` */
  constructor(unit = "line") {
    this.#unit = unit;
  }

  add(file: string, line: number, what: string): void {
    const key = `${what}\n${file}`;
    const note = this.#notes.get(key) ?? { file, what, count: 0, first: [] };
    if (note.count++ < 3) note.first.push(line);
    this.#notes.set(key, note);
  }

  /** How many lines there are of which `what` was noted; without it, notes of all kinds. */
  count(what?: string): number {
    return [...this.#notes.values()]
      .filter((note) => what === undefined || note.what === what)
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** One text for each file and what was noted of it, what most lines have first. */
  texts(): string[] {
    return this.#sorted().map(
      ({ file, what, count, first }) =>
        `${file} ${this.#unit} ${nameSome(first, count)}: ${printable(what)}`,
    );
  }

  /** What was noted of most lines. */
  get most(): string | undefined {
    return this.#sorted()[0]?.what;
  }

  #sorted(): Note[] {
    return [...this.#notes.values()].sort((a, b) => b.count - a.count);
  }
}

/** What is wrong with a row, and what to do. */
export interface Fault {
  readonly what: string;
  readonly remedy: string;
}

/** The rows of a caption file that cannot be used. They cost no others, unless most are so. */
export class LeftOut {
  readonly #file: string;
  readonly #notes: Notes;
  readonly #remedies = new Map<string, string>();

  /** @param unit what a row's number counts: `line`, `entry` */
  constructor(file: string, unit: string) {
    this.#file = file;
    this.#notes = new Notes(unit);
  }

  /** Rows with the same fault are told together. */
  add(line: number, { what, remedy }: Fault): void {
    this.#notes.add(this.#file, line, what);
    this.#remedies.set(what, remedy);
  }

  /**
   * @param used how many rows can be used
   * @returns a line for each fault
   * @throws AttendError BAD_DATA where more rows are left out than used
   */
  warnings(used: number): string[] {
    const [texts, count, worst] = [this.#notes.texts(), this.#notes.count(), this.#notes.most];
    if (worst !== undefined && count > used) {
      const total = count + used;
      const share = total > 1 ? ` (${count} of ${total} rows cannot be used)` : "";
      const message = `${texts[0]}${share}; ${this.#remedies.get(worst)}`;
      throw new AttendError("BAD_DATA", message);
    }
    return texts.map((text) => `${text}; left out`);
  }
}
