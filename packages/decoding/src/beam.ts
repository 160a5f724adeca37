import { free, type Next } from "./constraints.ts";
import type { Hypothesis, SpecialTokens } from "./decoder.ts";
import { type Path, tokensOf } from "./path.ts";
import { hypothesisOf, perLength, type Ranking } from "./ranking.ts";

/** What a step says of one row. */
export interface StepRow {
  /** The likeliest tokens, best first: twice the beam's width, and as many more as it may pass over. */
  readonly tokens: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  /** The log-probability of the token that must follow; read only where one must. */
  readonly forced: number;
  readonly attention: Float32Array | undefined;
}

export interface BeamSettings extends Ranking {
  readonly special: SpecialTokens;
  readonly never: ReadonlySet<number>;
  readonly width: number;
  readonly maxLength: number;
  /** Over as soon as `width` have ended, whatever is under way. */
  readonly earlyStop: boolean;
  /** Whether to see to it that greedy search does not find better. */
  readonly followsGreedy: boolean;
  /** What the use of a token by each earlier path of the same step costs a candidate. */
  readonly diversity: number;
  /** What may follow; anything where it is absent. */
  readonly nextOf: ((tokens: readonly number[]) => Next) | undefined;
}

/** A path and how it could go on. */
interface Candidate {
  readonly parent: Path;
  readonly token: number;
  readonly logProbability: number;
  /** What it is chosen by. */
  readonly rank: number;
}

/**
 * The search of one row of the encoding. In the decoder's state it has a row for each path under way and,
 * while the path of greedy search has dropped out of the beam and could still win, one more for that path.
 */
export class Beam {
  readonly #settings: BeamSettings;
  /** At most `width`; the first step has one. */
  #alive: readonly Path[];
  #finished: Hypothesis[] = [];
  /** Where greedy search is, be it in the beam or not, until it ends or can no longer win. */
  #greedy: Path | undefined;
  #greedyFinished: Hypothesis | undefined;
  #length = 0;
  #paths: readonly Path[];

  constructor(settings: BeamSettings) {
    this.#settings = settings;
    const token = settings.special.start;
    const next = settings.nextOf?.([]) ?? free;
    const beginning = { parent: undefined, row: 0, attention: undefined };
    const first: Path = { ...beginning, token, logProbability: 0, next };
    if (settings.followsGreedy) this.#greedy = first;
    this.#alive = [first];
    this.#paths = this.#alive;
  }

  /** Those that go on, each with a row in the decoder's state; none once the search is over. */
  get paths(): readonly Path[] {
    return this.#paths;
  }

  /**
   * Takes what a step says of each row of the decoder's state.
   *
   * @param taken how often each token was chosen at this step; what is chosen is added
   */
  advance(rows: readonly StepRow[], taken: Map<number, number>): void {
    const { special, width } = this.#settings;
    const next: Candidate[] = [];
    const greedy = this.#greedyCandidate(rows);
    this.#candidates(rows, taken).forEach((candidate, place) => {
      if (candidate.token !== special.end) next.push(candidate);
      else if (place < width) this.#finished.push(this.#ended(candidate, rows));
    });
    this.#finished = best(this.#finished, width);
    const chosen = next.slice(0, width);
    this.#alive = chosen.map((candidate) => this.#pathOf(candidate, rows));
    for (const { token } of chosen) taken.set(token, (taken.get(token) ?? 0) + 1);
    this.#followGreedy(greedy, rows);
    this.#length++;
    const stray = this.#stray;
    this.#paths = this.#over(stray) ? [] : [...this.#alive, ...(stray ? [stray] : [])];
  }

  /**
   * Best first. Paths that the maximal length cut off count only where too few have ended; what greedy
   * search found counts where it is the best.
   */
  hypotheses(): Hypothesis[] {
    const { width } = this.#settings;
    const cut = this.#alive.slice(0, Math.max(0, width - this.#finished.length));
    const found = [...this.#finished, ...cut.map((path) => this.#cutOff(path))];
    const ranked = best(found, width);
    const greedy = this.#greedyFinished ?? (this.#greedy && this.#cutOff(this.#greedy));
    const [winner] = ranked;
    if (greedy === undefined || (winner && winner.score >= greedy.score)) return ranked;
    return [greedy, ...ranked].slice(0, width);
  }

  #over(stray: Path | undefined): boolean {
    if (this.#length === this.#settings.maxLength) return true;
    if (stray !== undefined) return false;
    if (this.#alive.length === 0) return true;
    if (this.#finished.length < this.#settings.width) return false;
    return this.#settings.earlyStop || this.#alive.every((path) => this.#cannotWin(path));
  }

  /** The greedy path where it has a row of its own. */
  get #stray(): Path | undefined {
    return this.#greedy && !this.#alive.includes(this.#greedy) ? this.#greedy : undefined;
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
    const inBeam = this.#alive.find((path) => path.parent === parent && path.token === token);
    const path = inBeam ?? this.#pathOf(candidate, rows);
    if (inBeam !== undefined || !this.#cannotWin(path)) this.#greedy = path;
  }

  /** The best `2 * width` of all that can follow, best first: even if half of them end, `width` go on. */
  #candidates(rows: readonly StepRow[], taken: ReadonlyMap<number, number>): Candidate[] {
    return this.#alive
      .flatMap((parent) => this.#candidatesOf(parent, rows, taken))
      .filter(({ logProbability }) => logProbability > Number.NEGATIVE_INFINITY)
      .sort((a, b) => b.rank - a.rank)
      .slice(0, 2 * this.#settings.width);
  }

  #candidatesOf(
    parent: Path,
    rows: readonly StepRow[],
    taken?: ReadonlyMap<number, number>,
  ): Candidate[] {
    const { special, never, diversity } = this.#settings;
    const { forced, forbidden } = parent.next;
    const step = rows[parent.row];
    const found: Candidate[] = [];
    const add = (token: number, logProbabilityOfToken: number) => {
      const logProbability = parent.logProbability + logProbabilityOfToken;
      const uses = token === special.end ? 0 : (taken?.get(token) ?? 0);
      found.push({ parent, token, logProbability, rank: logProbability - diversity * uses });
    };
    if (step === undefined) return found;
    if (forced !== undefined) {
      add(forced, step.forced);
      return found;
    }
    for (let place = 0; place < step.tokens.length; place++) {
      const token = step.tokens[place] ?? 0;
      // An engine may round the probability of what is suppressed to the least number above 0.
      if (never.has(token) || forbidden.has(token)) continue;
      add(token, Math.log(step.probabilities[place] ?? 0));
    }
    return found;
  }

  #pathOf({ parent, token, logProbability }: Candidate, rows: readonly StepRow[]): Path {
    const next = this.#settings.nextOf?.([...tokensOf(parent), token]) ?? free;
    const { row } = parent;
    return { parent, row, token, logProbability, attention: rows[row]?.attention, next };
  }

  /**
   * Log-probabilities only fall and coverage is no gain, so the score of its present one at full length is
   * the most it can reach.
   */
  #cannotWin({ logProbability }: Path): boolean {
    const { maxLength, lengthPenalty } = this.#settings;
    const [winner] = this.#finished;
    const most = perLength(logProbability, maxLength, lengthPenalty);
    return winner !== undefined && most <= winner.score;
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
