/**
 * How often letters were mistyped, by what was meant and what was written (`ei>ie`, and by the letter before: `ve>v` for an e
 * left out, `v>ve` for one added), and how often one letter or two were meant at all (`e`, `ve`); `^` is a word's start.
 */
export type EditCounts = Readonly<Record<string, number>>;

/** A step of an alignment of a word with its misspelling. */
interface Step {
  readonly meant: string;
  readonly wrote: string;
}

/** A misspelling with more teaches nothing about letters. */
const maxEdits = 3;
/** The logarithm of the probability of any edit, without counts. */
const unseen = Math.log(1e-4);

/**
 * How probable a misspelling of a word is: the product of its edits' probabilities, where letters are left out, added,
 * replaced or exchanged (Kernighan, Church & Gale 1990, 'A spelling correction program based on a noisy channel model').
 */
export class EditModel {
  readonly #counts: EditCounts;
  readonly #isEmpty: boolean;

  /** @param counts as `learnEdits` counts them; if omitted, all edits are equally probable */
  constructor(counts: EditCounts = {}) {
    this.#counts = counts;
    this.#isEmpty = Object.keys(counts).length === 0;
  }

  /** The natural logarithm of the probability that `word` was written as `typo`. */
  logProbability(typo: string, word: string): number {
    return -align(word, typo, (step) => this.#cost(step)).cost;
  }

  #cost({ meant, wrote }: Step): number {
    if (meant === wrote) return 0;
    if (this.#isEmpty) return -unseen;
    const mistaken = this.#counts[`${meant}>${wrote}`] ?? 0;
    return -Math.log((mistaken + 0.3) / ((this.#counts[meant] ?? 0) + 100));
  }
}

/** Counts the edits of misspellings. @param pairs a word and how it was misspelled */
export function learnEdits(pairs: Iterable<readonly [word: string, typo: string]>): EditCounts {
  const counts: Record<string, number> = {};
  const add = (key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  for (const [word, typo] of pairs) {
    const { steps } = align(word, typo, ({ meant, wrote }) => (meant === wrote ? 0 : 1));
    const edits = steps.filter(({ meant, wrote }) => meant !== wrote);
    if (edits.length > maxEdits) continue;
    for (const { meant, wrote } of edits) add(`${meant}>${wrote}`);
    for (const [i, letter] of [...`^${word}`].entries()) {
      add(letter);
      if (i > 0) add(`${i === 1 ? "^" : word[i - 2]}${letter}`);
    }
  }
  return counts;
}

/** The cheapest way from a word to its misspelling, by dynamic programming over prefixes (Damerau 1964). */
function align(
  word: string,
  typo: string,
  costOf: (step: Step) => number,
): { cost: number; steps: Step[] } {
  const width = typo.length + 1;
  const cells: { cost: number; step: Step; from: number }[] = [];
  const cellAt = (i: number, j: number) => cells[i * width + j];
  for (let i = 0; i <= word.length; i++) {
    for (let j = 0; j <= typo.length; j++) {
      let best = {
        cost: i + j === 0 ? 0 : Number.POSITIVE_INFINITY,
        step: { meant: "", wrote: "" },
        from: 0,
      };
      for (const [di, dj] of moves) {
        const before = i >= di && j >= dj ? cellAt(i - di, j - dj) : undefined;
        if (before === undefined) continue;
        const step = stepOf(word, typo, { i, j, di, dj });
        if (step === undefined) continue;
        const cost = before.cost + costOf(step);
        if (cost < best.cost) best = { cost, step, from: (i - di) * width + j - dj };
      }
      cells.push(best);
    }
  }
  const steps: Step[] = [];
  let at = cells.length - 1;
  const { cost = 0 } = cells[at] ?? {};
  while (at > 0) {
    const cell = cells[at];
    if (cell === undefined) break;
    steps.unshift(cell.step);
    at = cell.from;
  }
  return { cost, steps };
}

/** Letters of the word and of the typo: replaced or the same, left out, added, exchanged. */
const moves = [
  [1, 1],
  [1, 0],
  [0, 1],
  [2, 2],
] as const;

/** What was done; letters that are left out or added are told apart by the letter before them. */
function stepOf(
  word: string,
  typo: string,
  { i, j, di, dj }: { i: number; j: number; di: number; dj: number },
): Step | undefined {
  const meant = word.slice(i - di, i);
  const wrote = typo.slice(j - dj, j);
  if (di === 2)
    return meant[0] === wrote[1] && meant[1] === wrote[0] && meant !== wrote
      ? { meant, wrote }
      : undefined;
  if (di === 1 && dj === 1) return { meant, wrote };
  const before = word[i - di - 1] ?? "^";
  return di === 1
    ? { meant: before + meant, wrote: before }
    : { meant: before, wrote: before + wrote };
}
