import { Beam, type BeamSettings, type StepRow } from "./beam.ts";
import type { Hypothesis } from "./decoder.ts";
import type { Path } from "./path.ts";

/**
 * The search of one row of the encoding: a beam, or the groups of diverse beam search (Vijayakumar et
 * al. 2018, algorithm 1). Groups are beams that advance in order, each with a penalty for tokens used
 * by the previous ones; the first group is plain beam search.
 */
export class RowSearch {
  readonly #groups: readonly Beam[];

  /** @param settings for each group */
  constructor(settings: Omit<BeamSettings, "followsGreedy">, groups: number) {
    this.#groups = Array.from(
      { length: groups },
      (_, group) => new Beam({ ...settings, followsGreedy: group === 0 && !settings.earlyStop }),
    );
  }

  /** The paths to continue; none when the search is done. */
  get paths(): readonly Path[] {
    return this.#groups.flatMap((group) => group.paths);
  }

  /** Extends the paths by a step. */
  advance(rows: readonly StepRow[]): void {
    const uses = new Map<number, number>();
    for (const group of this.#groups) if (group.paths.length > 0) group.advance(rows, uses);
  }

  /** Best first, without duplicates. */
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
