import { Beam, type BeamSettings, type StepRow } from "./beam.ts";
import type { Hypothesis } from "./decoder.ts";
import type { Path } from "./path.ts";

/**
 * The search of one row of the encoding: a beam, or the groups of diverse beam search (Vijayakumar et al.
 * 2018, algorithm 1), which are beams that step one after another and pay for tokens of the former. The
 * first group pays nothing: it is a beam search of its width.
 */
export class RowSearch {
  readonly #groups: readonly Beam[];

  /** @param settings of each group */
  constructor(settings: Omit<BeamSettings, "followsGreedy">, groups: number) {
    this.#groups = Array.from(
      { length: groups },
      (_, group) => new Beam({ ...settings, followsGreedy: group === 0 && !settings.earlyStop }),
    );
  }

  /** Which path each of its rows in the decoder's state is; none once the search is over. */
  get paths(): readonly Path[] {
    return this.#groups.flatMap((group) => group.paths);
  }

  /** Takes what a step says of each row; returns for each of the next rows which one it continues. */
  advance(rows: readonly StepRow[]): number[] {
    const taken = new Map<number, number>();
    let from = 0;
    return this.#groups.flatMap((group) => {
      const first = from;
      from += group.paths.length;
      if (first === from) return [];
      return group.advance(rows.slice(first, from), taken).map((row) => first + row);
    });
  }

  /** Best first; what several groups found, once. */
  hypotheses(): Hypothesis[] {
    const found = this.#groups.flatMap((group) => group.hypotheses());
    if (this.#groups.length === 1) return found;
    const distinct = new Map(found.map((hypothesis) => [keyOf(hypothesis), hypothesis]));
    return [...distinct.values()].sort((a, b) => b.score - a.score);
  }
}

function keyOf({ tokens, ended }: Hypothesis): string {
  return `${tokens} ${ended}`;
}
