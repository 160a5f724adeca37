import { checkCount, checkNumber } from "../options.ts";
import type { CtcFrames, CtcHypothesis } from "./frames.ts";

/** Options of {@link ctcBeamSearch}. */
export interface CtcBeamOptions {
  /** The number of prefixes to follow, and of hypotheses to return. */
  readonly beamWidth: number;
  /** Says which labels follow each other. */
  readonly language?: LanguageScore | undefined;
}

/** How a language model takes part (shallow fusion). */
export interface LanguageScore {
  /** The log-probability of each label, and last of the end, after the labels before it: `[labels + 1]`. */
  next(labels: readonly number[]): ArrayLike<number>;
  /** alpha: the weight of its log-probabilities. */
  readonly weight: number;
  /** beta: added for each label, against the preference for short texts. */
  readonly bonus: number;
}

/**
 * Prefix beam search (Hannun et al. 2014, algorithm 1): unlike the best alignment, a hypothesis has the probability of all
 * its alignments. Each step keeps the `beamWidth` best prefixes.
 *
 * @returns the hypotheses, best first
 * @throws AttendError BAD_ARGUMENT naming the option that is invalid
 */
export function ctcBeamSearch(frames: CtcFrames, options: CtcBeamOptions): CtcHypothesis[] {
  const { beamWidth, language } = options;
  checkCount("beamWidth", beamWidth);
  if (language !== undefined) checkNumber("language.weight", language.weight);
  const { steps, classes, logProbabilities } = frames;
  const root = new Prefix([], 0);
  root.blank = 0;
  let beam: Prefix[] = [root];
  for (let step = 0; step < steps; step++) {
    const logs = logProbabilities.subarray(step * classes, (step + 1) * classes);
    const reached = new Set<Prefix>();
    for (const prefix of beam) extend(prefix, logs, reached, language);
    for (const prefix of reached) prefix.settle();
    const ranked = [...reached].sort((a, b) => b.score - a.score);
    for (const dropped of ranked.splice(beamWidth)) dropped.forget();
    beam = ranked;
  }
  return beam
    .map((prefix) => {
      const { labels, logProbability } = prefix;
      return { labels, logProbability, score: prefix.score + endScore(labels, language) };
    })
    .sort((a, b) => b.score - a.score);
}

const never = Number.NEGATIVE_INFINITY;

/** A node of the tree of prefixes. Numbers are logarithms. */
class Prefix {
  readonly labels: readonly number[];
  /** What the language model and the bonuses add up to. */
  readonly added: number;
  readonly #children = new Map<number, Prefix>();
  /** Of the alignments that end in a blank, and of those that do not. */
  blank = never;
  label = never;
  /** The same with the current step. */
  nextBlank = never;
  nextLabel = never;
  /** Of each label after these, from the language model. */
  following: ArrayLike<number> | undefined;

  constructor(labels: readonly number[], added: number) {
    this.labels = labels;
    this.added = added;
  }

  get logProbability(): number {
    return logSum(this.blank, this.label);
  }

  get score(): number {
    return this.logProbability + this.added;
  }

  /** The same prefix is reached from its parent and from itself, and must be one. */
  child(label: number, added: () => number): Prefix {
    const known = this.#children.get(label);
    if (known !== undefined) return known;
    const made = new Prefix([...this.labels, label], this.added + added());
    this.#children.set(label, made);
    return made;
  }

  settle(): void {
    [this.blank, this.label] = [this.nextBlank, this.nextLabel];
    [this.nextBlank, this.nextLabel] = [never, never];
  }

  forget(): void {
    [this.blank, this.label] = [never, never];
  }
}

/** All that a prefix becomes in one step. */
function extend(
  prefix: Prefix,
  logs: Float32Array,
  reached: Set<Prefix>,
  language: LanguageScore | undefined,
): void {
  const last = prefix.labels.at(-1);
  const blank = logs.length - 1;
  const all = prefix.logProbability;
  prefix.nextBlank = logSum(prefix.nextBlank, all + (logs[blank] ?? never));
  if (last !== undefined) {
    prefix.nextLabel = logSum(prefix.nextLabel, prefix.label + (logs[last] ?? never));
  }
  reached.add(prefix);
  for (let label = 0; label < blank; label++) {
    const child = prefix.child(label, () => labelScore(prefix, label, language));
    // A repeated label without a blank between is the same label.
    const from = label === last ? prefix.blank : all;
    child.nextLabel = logSum(child.nextLabel, from + (logs[label] ?? never));
    reached.add(child);
  }
}

function labelScore(prefix: Prefix, label: number, language: LanguageScore | undefined): number {
  if (language === undefined) return 0;
  prefix.following ??= language.next(prefix.labels);
  return language.weight * (prefix.following[label] ?? never) + language.bonus;
}

function endScore(labels: readonly number[], language: LanguageScore | undefined): number {
  if (language === undefined || language.weight === 0) return 0;
  const following = language.next(labels);
  return language.weight * (following[following.length - 1] ?? never);
}

function logSum(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a];
  return low === never ? high : high + Math.log1p(Math.exp(low - high));
}
