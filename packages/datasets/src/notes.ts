import { AttendError, printable } from "@attend/runtime/errors";
import { nameSome } from "./name-some.ts";

/** A note about some lines of a file. */
interface Note {
  readonly file: string;
  readonly what: string;
  count: number;
  /** Only the first lines are kept: an untrusted file may have millions. */
  readonly first: number[];
}

/** Collects notes about lines, grouped by file and message. */
export class Notes {
  readonly #unit: string;
  readonly #notes = new Map<string, Note>();

  /** @param unit what line numbers count: `line`, `entry` */
  constructor(unit = "line") {
    this.#unit = unit;
  }

  add(file: string, line: number, what: string): void {
    const key = `${what}\n${file}`;
    const note = this.#notes.get(key) ?? { file, what, count: 0, first: [] };
    if (note.count++ < 3) note.first.push(line);
    this.#notes.set(key, note);
  }

  /** The number of lines with the note `what`, or with any note. */
  count(what?: string): number {
    return [...this.#notes.values()]
      .filter((note) => what === undefined || note.what === what)
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** One text per file and note, the most frequent first. */
  texts(): string[] {
    return this.#sorted().map(
      ({ file, what, count, first }) =>
        `${file} ${this.#unit} ${nameSome(first, count)}: ${printable(what)}`,
    );
  }

  /** The most frequent note. */
  get most(): string | undefined {
    return this.#sorted()[0]?.what;
  }

  #sorted(): Note[] {
    return [...this.#notes.values()].sort((a, b) => b.count - a.count);
  }
}

/** What is wrong with a row, and the remedy. */
export interface Fault {
  readonly what: string;
  readonly remedy: string;
}

/** Collects the rows of a caption file that cannot be used, which is an error only if most cannot. */
export class LeftOut {
  readonly #file: string;
  readonly #notes: Notes;
  readonly #remedies = new Map<string, string>();
  /** Called for each row as it is added. */
  onAdd: ((line: number, fault: Fault) => void) | undefined;

  /** @param unit what row numbers count: `line`, `entry` */
  constructor(file: string, unit: string) {
    this.#file = file;
    this.#notes = new Notes(unit);
  }

  /** Rows with the same fault share a warning. */
  add(line: number, { what, remedy }: Fault): void {
    this.#notes.add(this.#file, line, what);
    this.#remedies.set(what, remedy);
    this.onAdd?.(line, { what, remedy });
  }

  /**
   * @param used the number of rows that can be used
   * @returns a line for each fault
   * @throws AttendError BAD_DATA if more rows are left out than used
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
