import { AttendError, printable } from "@attend/runtime/errors";
import { nameSome } from "../name-some.ts";

/** What is wrong with a row, and what to do. */
export interface Fault {
  readonly what: string;
  readonly remedy: string;
}

/** The rows of a caption file that cannot be used. They cost no others, unless most are so. */
export class LeftOut {
  readonly #file: string;
  readonly #unit: string;
  readonly #faults = new Map<string, Fault & { lines: number[] }>();
  #count = 0;

  /** @param unit what a row's number counts: `line`, `entry` */
  constructor(file: string, unit: string) {
    this.#file = file;
    this.#unit = unit;
  }

  /** Rows with the same fault are told together. */
  add(line: number, fault: Fault): void {
    const known = this.#faults.get(fault.what) ?? { ...fault, lines: [] };
    known.lines.push(line);
    this.#faults.set(fault.what, known);
    this.#count++;
  }

  /**
   * @param used how many rows can be used
   * @returns a line for each fault
   * @throws AttendError BAD_DATA where more rows are left out than used
   */
  warnings(used: number): string[] {
    const faults = [...this.#faults.values()].sort((a, b) => b.lines.length - a.lines.length);
    const tell = (fault: { what: string; lines: number[] }) =>
      `${this.#file} ${this.#unit} ${nameSome(fault.lines)}: ${printable(fault.what)}`;
    const [worst] = faults;
    if (worst !== undefined && this.#count > used) {
      const total = this.#count + used;
      const share = total > 1 ? ` (${this.#count} of ${total} rows cannot be used)` : "";
      throw new AttendError("BAD_DATA", `${tell(worst)}${share}; ${worst.remedy}`);
    }
    return faults.map((fault) => `${tell(fault)}; left out`);
  }
}
