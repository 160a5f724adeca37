import type { BeamOptions } from "./beam-search.ts";
import type { Hypothesis, SpecialTokens } from "./decoder.ts";

/** What a step says of one row: the likeliest tokens, best first, and where the model looked. */
export interface StepRow {
  readonly tokens: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  readonly attention: Float32Array | undefined;
}

/** A sequence under way, as a list that shares its beginnings. */
interface Path {
  readonly parent: Path | undefined;
  readonly token: number;
  readonly logProbability: number;
  readonly attention: Float32Array | undefined;
}

/** A path and how it could go on. */
interface Candidate {
  readonly row: number;
  readonly parent: Path;
  readonly token: number;
  readonly logProbability: number;
}

/**
 * The search of one row of the encoding. It has `beamWidth` rows in the decoder's state and, while the
 * path of greedy search has dropped out of the beam and could still win, one more for that path.
 */
export class Beam {
  readonly #special: SpecialTokens;
  readonly #options: BeamOptions;
  /** At most `beamWidth`; the first step has one. */
  #alive: readonly Path[];
  #finished: Hypothesis[] = [];
  /** Where greedy search is, be it in the beam or not, until it ends or can no longer win. */
  #greedy: Path | undefined;
  #greedyFinished: Hypothesis | undefined;

  constructor(special: SpecialTokens, options: BeamOptions) {
    this.#special = special;
    this.#options = options;
    const { start: token } = special;
    this.#greedy = { parent: undefined, token, logProbability: 0, attention: undefined };
    this.#alive = [this.#greedy];
  }

  get done(): boolean {
    if (this.#stray !== undefined) return false;
    if (this.#alive.length === 0) return true;
    if (this.#finished.length < this.#options.beamWidth) return false;
    return this.#alive.every((path) => this.#cannotWin(path));
  }

  /** The last token of each row; rows without a path say anything. */
  lastTokens(): number[] {
    const tokens = this.#perRow((row) => this.#alive[row]?.token ?? this.#special.start);
    return this.#stray === undefined ? tokens : [...tokens, this.#stray.token];
  }

  /** Takes what a step says of each row; returns for each of the next rows which one it continues. */
  advance(rows: readonly StepRow[]): number[] {
    // It only waits for others: what it found must not depend on them.
    if (this.done) return this.#perRow((row) => row);
    const width = this.#options.beamWidth;
    const next: Candidate[] = [];
    const greedy = this.#greedyCandidate(rows);
    this.#candidates(rows).forEach((candidate, rank) => {
      if (candidate.token !== this.#special.end) next.push(candidate);
      else if (rank < width) {
        const { parent, logProbability } = candidate;
        this.#finished.push(this.#hypothesis(parent, logProbability, true));
      }
    });
    this.#finished = best(this.#finished, width);
    const chosen = next.slice(0, width);
    this.#alive = chosen.map((candidate) => pathOf(candidate, rows));
    this.#followGreedy(greedy, rows);
    const parents = this.#perRow((row) => chosen[row]?.row ?? 0);
    return greedy === undefined || this.#stray === undefined ? parents : [...parents, greedy.row];
  }

  /**
   * Best first. Paths that the maximal length cut off count only where too few have ended; what greedy
   * search found counts where it is the best.
   */
  hypotheses(): Hypothesis[] {
    const width = this.#options.beamWidth;
    const cut = this.#alive.slice(0, Math.max(0, width - this.#finished.length));
    const found = [...this.#finished, ...cut.map((path) => this.#cutOff(path))];
    const ranked = best(found, width);
    const greedy = this.#greedyFinished ?? (this.#greedy && this.#cutOff(this.#greedy));
    const [winner] = ranked;
    if (greedy === undefined || (winner && winner.score >= greedy.score)) return ranked;
    return [greedy, ...ranked].slice(0, width);
  }

  /** The greedy path where it has a row of its own. */
  get #stray(): Path | undefined {
    return this.#greedy && !this.#alive.includes(this.#greedy) ? this.#greedy : undefined;
  }

  #greedyCandidate(rows: readonly StepRow[]): Candidate | undefined {
    if (this.#greedy === undefined) return undefined;
    const place = this.#alive.indexOf(this.#greedy);
    const row = place === -1 ? this.#options.beamWidth : place;
    return this.#candidatesOf(this.#greedy, row, rows)[0];
  }

  #followGreedy(candidate: Candidate | undefined, rows: readonly StepRow[]): void {
    this.#greedy = undefined;
    if (candidate === undefined) return;
    const { parent, token, logProbability } = candidate;
    if (token === this.#special.end) {
      this.#greedyFinished = this.#hypothesis(parent, logProbability, true);
      return;
    }
    const inBeam = this.#alive.find((path) => path.parent === parent && path.token === token);
    const path = inBeam ?? pathOf(candidate, rows);
    if (inBeam !== undefined || !this.#cannotWin(path)) this.#greedy = path;
  }

  /** The best `2 * beamWidth` of all that can follow, best first. */
  #candidates(rows: readonly StepRow[]): Candidate[] {
    return this.#alive
      .flatMap((parent, row) => this.#candidatesOf(parent, row, rows))
      .filter(({ logProbability }) => logProbability > Number.NEGATIVE_INFINITY)
      .sort((a, b) => b.logProbability - a.logProbability)
      .slice(0, 2 * this.#options.beamWidth);
  }

  #candidatesOf(parent: Path, row: number, rows: readonly StepRow[]): Candidate[] {
    return Array.from(rows[row]?.tokens ?? [], (token, rank) => {
      const probability = rows[row]?.probabilities[rank] ?? 0;
      const logProbability = parent.logProbability + Math.log(probability);
      return { row, parent, token, logProbability };
    });
  }

  #perRow<T>(of: (row: number) => T): T[] {
    return Array.from({ length: this.#options.beamWidth }, (_, row) => of(row));
  }

  /** Log-probabilities only fall, so the score of its present one at full length is the most it can reach. */
  #cannotWin({ logProbability }: Path): boolean {
    const [winner] = this.#finished;
    return (
      winner !== undefined && this.#score(logProbability, this.#options.maxLength) <= winner.score
    );
  }

  #cutOff(path: Path): Hypothesis {
    return this.#hypothesis(path, path.logProbability, false);
  }

  #hypothesis(last: Path, logProbability: number, ended: boolean): Hypothesis {
    const path: Path[] = [];
    for (let at: Path | undefined = last; at?.parent !== undefined; at = at.parent) {
      path.unshift(at);
    }
    return {
      tokens: path.map((p) => p.token),
      logProbability,
      score: this.#score(logProbability, path.length + (ended ? 1 : 0)),
      ended,
      ...(this.#options.attention ? { attention: path.flatMap((p) => p.attention ?? []) } : {}),
    };
  }

  #score(logProbability: number, length: number): number {
    return logProbability / ((5 + length) / 6) ** (this.#options.lengthPenalty ?? 0);
  }
}

function pathOf({ row, parent, token, logProbability }: Candidate, rows: readonly StepRow[]): Path {
  return { parent, token, logProbability, attention: rows[row]?.attention };
}

function best(hypotheses: readonly Hypothesis[], count: number): Hypothesis[] {
  return hypotheses.toSorted((a, b) => b.score - a.score).slice(0, count);
}
