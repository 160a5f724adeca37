/** The edit that leads to a cell of the table. */
export const Step = { none: 0, keep: 1, substitute: 2, remove: 3, insert: 4 } as const;

/** Cells on either side of the diagonal. */
const beamWidth = 25;
const unreached = 2 ** 29;

/**
 * Word edit distances from hypotheses of one length to one reference, computed only near the
 * diagonal (Tercom's beam). The table of one hypothesis is kept; for another one, computation
 * starts at the first differing word.
 */
export class EditDistance {
  /**
   * The edits for the hypothesis passed to `set`: `[hypothesis length + 1, reference length + 1]`.
   */
  readonly steps: Uint8Array;
  readonly #costs: Int32Array;
  readonly #reference: Int32Array;
  readonly #length: number;
  readonly #width: number;
  readonly #rows: [Int32Array, Int32Array];
  readonly #rowSteps: Uint8Array;

  /** @param length the number of words of each hypothesis. */
  constructor(length: number, reference: Int32Array) {
    this.#reference = reference;
    this.#length = length;
    this.#width = reference.length + 1;
    this.steps = new Uint8Array((length + 1) * this.#width);
    this.#costs = new Int32Array(this.steps.length);
    this.#rows = [new Int32Array(this.#width), new Int32Array(this.#width)];
    this.#rowSteps = new Uint8Array(this.#width);
    this.#costs.set(
      Int32Array.from(reference, (_, i) => i + 1),
      1,
    );
    this.steps.fill(Step.insert, 0, this.#width);
  }

  /** Fills the table and returns the distance. */
  set(hypothesis: Int32Array): number {
    const width = this.#width;
    for (let i = 1; i <= this.#length; i++) {
      const above = this.#costs.subarray((i - 1) * width, i * width);
      const row = this.#costs.subarray(i * width, (i + 1) * width);
      this.#fillRow(i, hypothesis[i - 1]!, above, row, this.steps.subarray(i * width));
    }
    return this.#costs.at(-1)!;
  }

  /**
   * The distance of a hypothesis whose first `from` words equal those of the one passed to `set`;
   * Infinity once it is certain to exceed `limit`.
   */
  distance(hypothesis: Int32Array, from: number, limit: number): number {
    const width = this.#width;
    let above = this.#costs.subarray(from * width, (from + 1) * width);
    for (let i = from + 1; i <= this.#length; i++) {
      const row = this.#rows[i & 1]!;
      // The lowest cost never decreases from row to row.
      const least = this.#fillRow(i, hypothesis[i - 1]!, above, row, this.#rowSteps);
      if (least > limit) return Number.POSITIVE_INFINITY;
      above = row;
    }
    return above[width - 1]!;
  }

  /** Returns the lowest cost in the row. */
  #fillRow(i: number, word: number, above: Int32Array, row: Int32Array, steps: Uint8Array): number {
    const reference = this.#reference;
    const width = this.#width;
    const ratio = reference.length / this.#length;
    const beam = beamWidth < ratio / 2 ? Math.ceil(ratio / 2 + beamWidth) : beamWidth;
    const diagonal = Math.floor(i * ratio);
    const start = Math.max(diagonal - beam, 0);
    const end = i === this.#length ? width : Math.min(diagonal + beam, width);
    row.fill(unreached);
    steps.fill(Step.none, 0, width);
    let least = unreached;
    for (let j = start; j < end; j++) {
      // On equal costs, Tercom picks the first of these edits.
      let cost = unreached;
      let step: number = Step.none;
      if (j > 0) {
        const same = word === reference[j - 1];
        const beside = above[j - 1]! + (same ? 0 : 1);
        if (beside < cost) {
          cost = beside;
          step = same ? Step.keep : Step.substitute;
        }
      }
      if (above[j]! + 1 < cost) {
        cost = above[j]! + 1;
        step = Step.remove;
      }
      if (j > 0 && row[j - 1]! + 1 < cost) {
        cost = row[j - 1]! + 1;
        step = Step.insert;
      }
      row[j] = cost;
      steps[j] = step;
      if (cost < least) least = cost;
    }
    return least;
  }
}
