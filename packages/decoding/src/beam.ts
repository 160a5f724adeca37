import { type Next, unconstrained } from "./constraints.ts";
import type { DecodingTokens, Hypothesis } from "./decoder.ts";
import { type Path, tokensOf } from "./path.ts";
import { hypothesisOf, perLength, type Ranking } from "./ranking.ts";

/** The result of a step for one row. */
export interface StepRow {
  /** The most likely tokens, best first: twice the beam width, plus as many as may be skipped. */
  readonly tokens: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  /** The log-probability of the forced token, if there is one. */
  readonly forced: number;
  readonly attention: Float32Array | undefined;
}

export interface BeamSettings extends Ranking {
  readonly special: DecodingTokens;
  /** Tokens that are never chosen. */
  readonly excluded: ReadonlySet<number>;
  readonly width: number;
  readonly maxLength: number;
  /** Stop as soon as `width` hypotheses have ended. */
  readonly earlyStop: boolean;
  /** Whether to follow the greedy path, so that the result is never worse. */
  readonly followsGreedy: boolean;
  /** Penalty of a candidate for each earlier use of its token at the same step. */
  readonly diversity: number;
  /** The tokens that may follow. Default: any. */
  readonly nextOf: ((tokens: readonly number[]) => Next) | undefined;
}

/** A possible continuation of a path. */
interface Candidate {
  readonly parent: Path;
  readonly token: number;
  readonly logProbability: number;
  /** The log-probability minus the diversity penalty. */
  readonly rank: number;
}

/**
 * The beam search of one row of the encoding. The decoder's state has a row for each active path and,
 * while the greedy path is outside the beam and could still win, one for that path.
 */
export class Beam {
  readonly #settings: BeamSettings;
  /** At most `width`; one before the first step. */
  #active: readonly Path[];
  #finished: Hypothesis[] = [];
  /** The greedy path, in the beam or not, until it ends or can no longer win. */
  #greedy: Path | undefined;
  #greedyFinished: Hypothesis | undefined;
  #length = 0;
  #paths: readonly Path[];

  constructor(settings: BeamSettings) {
    this.#settings = settings;
    const token = settings.special.start;
    const next = settings.nextOf?.([]) ?? unconstrained;
    const root = { parent: undefined, row: 0, attention: undefined };
    const first: Path = { ...root, token, logProbability: 0, next };
    if (settings.followsGreedy) this.#greedy = first;
    this.#active = [first];
    this.#paths = this.#active;
  }

  /** The paths to continue, each with a row in the decoder's state; none when the search is done. */
  get paths(): readonly Path[] {
    return this.#paths;
  }

  /**
   * Extends the paths by a step.
   *
   * @param rows the result of the step for each row of the decoder's state
   * @param uses how often each token was chosen at this step; updated
   */
  advance(rows: readonly StepRow[], uses: Map<number, number>): void {
    const { special, width } = this.#settings;
    const next: Candidate[] = [];
    const greedy = this.#greedyCandidate(rows);
    this.#candidates(rows, uses).forEach((candidate, rank) => {
      if (candidate.token !== special.end) next.push(candidate);
      else if (rank < width) this.#finished.push(this.#ended(candidate, rows));
    });
    this.#finished = best(this.#finished, width);
    const chosen = next.slice(0, width);
    this.#active = chosen.map((candidate) => this.#pathOf(candidate, rows));
    for (const { token } of chosen) uses.set(token, (uses.get(token) ?? 0) + 1);
    this.#followGreedy(greedy, rows);
    this.#length++;
    const extra = this.#greedyOutsideBeam;
    this.#paths = this.#isDone(extra) ? [] : [...this.#active, ...(extra ? [extra] : [])];
  }

  /**
   * The hypotheses, best first. Paths cut off at the maximum length are included only if too few have
   * ended, and that of greedy search only if it is the best.
   */
  hypotheses(): Hypothesis[] {
    const { width } = this.#settings;
    const cut = this.#active.slice(0, Math.max(0, width - this.#finished.length));
    const ranked = best([...this.#finished, ...cut.map((path) => this.#cutOff(path))], width);
    const greedy = this.#greedyFinished ?? (this.#greedy && this.#cutOff(this.#greedy));
    const [winner] = ranked;
    if (greedy === undefined || (winner && winner.score >= greedy.score)) return ranked;
    return [greedy, ...ranked].slice(0, width);
  }

  #isDone(greedyOutsideBeam: Path | undefined): boolean {
    if (this.#length === this.#settings.maxLength) return true;
    if (greedyOutsideBeam !== undefined) return false;
    if (this.#active.length === 0) return true;
    if (this.#finished.length < this.#settings.width) return false;
    return this.#settings.earlyStop || this.#active.every((path) => this.#cannotWin(path));
  }

  /** The greedy path, if it is not in the beam. */
  get #greedyOutsideBeam(): Path | undefined {
    return this.#greedy && !this.#active.includes(this.#greedy) ? this.#greedy : undefined;
  }

  #greedyCandidate(rows: readonly StepRow[]): Candidate | undefined {
    return this.#greedy && this.#candidatesOf(this.#greedy, rows)[0];
  }

  #followGreedy(candidate: Candidate | undefined, rows: readonly StepRow[]): void {
    this.#greedy = undefined;
    if (candidate === undefined) return;
    const { parent, token } = candidate;
    if (token === this.#settings.special.end) {
      this.#greedyFinished = this.#ended(candidate, rows);
      return;
    }
    const inBeam = this.#active.find((path) => path.parent === parent && path.token === token);
    const path = inBeam ?? this.#pathOf(candidate, rows);
    if (inBeam !== undefined || !this.#cannotWin(path)) this.#greedy = path;
  }

  /** The best `2 * width` continuations, best first: even if half of them end, `width` continue. */
  #candidates(rows: readonly StepRow[], uses: ReadonlyMap<number, number>): Candidate[] {
    return this.#active
      .flatMap((parent) => this.#candidatesOf(parent, rows, uses))
      .filter(({ logProbability }) => logProbability > Number.NEGATIVE_INFINITY)
      .sort((a, b) => b.rank - a.rank)
      .slice(0, 2 * this.#settings.width);
  }

  #candidatesOf(
    parent: Path,
    rows: readonly StepRow[],
    uses?: ReadonlyMap<number, number>,
  ): Candidate[] {
    const { special, excluded, diversity } = this.#settings;
    const { forced, forbidden } = parent.next;
    const step = rows[parent.row];
    const candidates: Candidate[] = [];
    const add = (token: number, logProbabilityOfToken: number) => {
      const logProbability = parent.logProbability + logProbabilityOfToken;
      const count = token === special.end ? 0 : (uses?.get(token) ?? 0);
      candidates.push({ parent, token, logProbability, rank: logProbability - diversity * count });
    };
    if (step === undefined) return candidates;
    if (forced !== undefined) {
      add(forced, step.forced);
      return candidates;
    }
    for (let i = 0; i < step.tokens.length; i++) {
      const token = step.tokens[i] ?? 0;
      // An engine may round the probability of suppressed tokens to a tiny positive number.
      if (excluded.has(token) || forbidden.has(token)) continue;
      add(token, Math.log(step.probabilities[i] ?? 0));
    }
    return candidates;
  }

  #pathOf({ parent, token, logProbability }: Candidate, rows: readonly StepRow[]): Path {
    const next = this.#settings.nextOf?.([...tokensOf(parent), token]) ?? unconstrained;
    const { row } = parent;
    return { parent, row, token, logProbability, attention: rows[row]?.attention, next };
  }

  /**
   * Log-probabilities only decrease, and coverage never increases a score, so the current
   * log-probability at full length is an upper bound.
   */
  #cannotWin({ logProbability }: Path): boolean {
    const { maxLength, lengthPenalty } = this.#settings;
    const [winner] = this.#finished;
    const bound = perLength(logProbability, maxLength, lengthPenalty);
    return winner !== undefined && bound <= winner.score;
  }

  #ended({ parent, logProbability }: Candidate, rows: readonly StepRow[]): Hypothesis {
    const atEnd = rows[parent.row]?.attention;
    return hypothesisOf(parent, this.#settings, { logProbability, atEnd });
  }

  #cutOff(path: Path): Hypothesis {
    return hypothesisOf(path, this.#settings);
  }
}

function best(hypotheses: readonly Hypothesis[], count: number): Hypothesis[] {
  return hypotheses.toSorted((a, b) => b.score - a.score).slice(0, count);
}
