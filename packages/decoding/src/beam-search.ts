import { type ConstraintOptions, constraintsOf } from "./constraints.ts";
import type { Decoder, DecoderState, Hypothesis, SpecialTokens } from "./decoder.ts";
import { badOption, checkCount, checkNumber, limitsOf, type MaxLength } from "./options.ts";
import type { Path } from "./path.ts";
import { RowSearch } from "./row-search.ts";
import { disposeReplaced, expanded, neverChosen, reordered, suppression } from "./state.ts";
import { stepPaths } from "./step-paths.ts";

export interface BeamOptions extends ConstraintOptions {
  /** How many beginnings go on, and how many hypotheses are wanted. */
  readonly beamWidth: number;
  readonly maxLength: MaxLength;
  /** alpha of GNMT's length penalty, `((5 + length) / 6)^alpha` (Wu et al. 2016, eq. 14); 0 is none. */
  readonly lengthPenalty?: number;
  /**
   * beta of GNMT's coverage penalty, `beta * sum over positions of log(min(attention over all steps, 1))`
   * (Wu et al. 2016, eq. 14): hypotheses that leave out a part of the source rank lower; 0 is none.
   */
  readonly coveragePenalty?: number | undefined;
  /**
   * Diverse beam search (Vijayakumar et al. 2018, section 4): the beam is divided into `groups`, and each
   * time that an earlier group's path takes a token at a step lowers by `strength` what a candidate with
   * that token is chosen by (Hamming diversity; the end is free). Scores are not lowered.
   */
  readonly diversity?: { readonly groups: number; readonly strength: number } | undefined;
  /**
   * A row stops as soon as `beamWidth` hypotheses have ended, though a longer one might still overtake them under
   * the length penalty, and greedy search is not followed; default false. It is faster, and seldom worse.
   */
  readonly earlyStop?: boolean | undefined;
  /** Keep for each token where the model looked. */
  readonly attention?: boolean;
}

/**
 * Beam search for each row of an encoding: at every step the `beamWidth` best beginnings go on. A row
 * stops when it has `beamWidth` finished ones and nothing under way can overtake the best, and is no longer
 * computed from there on. The best never scores below what greedy search finds: where the greedy path drops
 * out of the beam it goes on in a row of its own for as long as it could win. Width 1 without length
 * penalty is greedy search. The caller keeps the encoding; nothing else is left behind.
 *
 * @returns for each row its hypotheses, best first: `beamWidth`, or fewer where there are not so many (or
 *   the groups of a diverse search found the same)
 * @throws AttendError `BAD_ARGUMENT` naming the option that is wrong or does not fit the batch
 */
export function beamSearch<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  encoding: Encoding,
  special: SpecialTokens,
  options: BeamOptions,
): Hypothesis[][] {
  const groups = checkOptions(options);
  const { beamWidth, attention = false, lengthPenalty = 0, coveragePenalty = 0 } = options;
  const width = beamWidth / groups;
  let state = decoder.start(encoding);
  const never = neverChosen(special);
  const suppressed = suppression(decoder.vocabularySize, never);
  const wanted = {
    // Twice the width, and those that earlier groups took, at most `beamWidth - width`.
    count: width + beamWidth,
    suppressed,
    attention: coveragePenalty > 0 ? "needed" : attention ? "wanted" : "none",
  } as const;
  try {
    const limits = limitsOf(options.maxLength, state.rows);
    const constraints = constraintsOf(options, special, decoder.vocabularySize, limits);
    const searches = limits.map((maxLength, row) => {
      const nextOf = constraints && ((tokens: readonly number[]) => constraints.next(row, tokens));
      const ranking = { lengthPenalty, coveragePenalty, attention };
      const diversity = options.diversity?.strength ?? 0;
      const limited = { width, maxLength, earlyStop: options.earlyStop ?? false };
      const settings = { special, never, diversity, nextOf, ...limited, ...ranking };
      return new RowSearch(settings, groups);
    });
    state = expanded(decoder, state, groups);
    let paths = pathsIn(searches);
    while (paths.length > 0) {
      const { next, rows } = stepPaths(decoder, state, paths, wanted);
      disposeReplaced(state, next);
      state = next;
      for (const search of searches) search.advance(rows);
      paths = pathsIn(searches);
      const parents = paths.map(({ parent }) => parent?.row ?? 0);
      if (parents.length > 0) state = reordered(decoder, state, parents);
    }
    return searches.map((search) => search.hypotheses());
  } finally {
    disposeReplaced(state, undefined);
    suppressed.dispose();
  }
}

/** What goes on, each in the row of the decoder's state that it is told to be. */
function pathsIn(searches: readonly RowSearch[]): Path[] {
  const paths = searches.flatMap((search) => search.paths);
  for (const [row, path] of paths.entries()) path.row = row;
  return paths;
}

/** @returns the number of groups */
function checkOptions(options: BeamOptions): number {
  const { beamWidth, lengthPenalty = 0, coveragePenalty = 0, diversity } = options;
  checkCount("beamWidth", beamWidth);
  checkNumber("lengthPenalty", lengthPenalty);
  checkNumber("coveragePenalty", coveragePenalty);
  const { groups, strength } = diversity ?? { groups: 1, strength: 0 };
  checkCount("diversity.groups", groups);
  checkNumber("diversity.strength", strength);
  if (beamWidth % groups === 0) return groups;
  throw badOption("diversity.groups", groups, `a divisor of beamWidth (${beamWidth})`);
}
