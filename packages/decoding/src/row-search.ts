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

  /** Those that go on; none once the search is over. */
  get paths(): readonly Path[] {
    return this.#groups.flatMap((group) => group.paths);
  }

  /** Takes what a step says of each row of the decoder's state. */
  advance(rows: readonly StepRow[]): void {
    const taken = new Map<number, number>();
    for (const group of this.#groups) if (group.paths.length > 0) group.advance(rows, taken);
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
