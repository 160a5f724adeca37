import { type ConstraintOptions, constraintsOf } from "./constraints.ts";
import type { Decoder, DecoderState, DecodingTokens, Hypothesis } from "./decoder.ts";
import { badOption, checkCount, checkNumber, limitsOf, type MaxLength } from "./options.ts";
import type { Path } from "./path.ts";
import { RowSearch } from "./row-search.ts";
import { disposeReplaced, excludedTokens, expanded, reordered, suppression } from "./state.ts";
import { stepPaths } from "./step-paths.ts";

export interface BeamOptions extends ConstraintOptions {
  /** The number of paths to follow, and of hypotheses to return. */
  readonly beamWidth: number;
  readonly maxLength: MaxLength;
  /** alpha of GNMT's length penalty, `((5 + length) / 6)^alpha` (Wu et al. 2016, eq. 14). Default 0: none. */
  readonly lengthPenalty?: number;
  /**
   * beta of GNMT's coverage penalty, `beta * sum over positions of log(min(attention over all steps, 1))`
   * (Wu et al. 2016, eq. 14): hypotheses that omit a part of the source rank lower. Default 0: none.
   */
  readonly coveragePenalty?: number | undefined;
  /**
   * Diverse beam search (Vijayakumar et al. 2018, section 4): the beam is divided into `groups`, and
   * each use of a token by an earlier group at the same step lowers the rank of candidates with that
   * token by `strength` (Hamming diversity, except for the end). It does not affect scores.
   */
  readonly diversity?: { readonly groups: number; readonly strength: number } | undefined;
  /**
   * A row stops as soon as `beamWidth` hypotheses have ended, even if a longer one might still win
   * because of the length penalty, and the greedy path is not followed. Faster, and rarely worse.
   * Default false.
   */
  readonly earlyStop?: boolean | undefined;
  /** Return the attention of each token. */
  readonly attention?: boolean;
}

/**
 * Beam search for each row of an encoding: each step keeps the `beamWidth` best paths. A row stops, and
 * is no longer computed, when it has `beamWidth` finished hypotheses and no path can surpass the best.
 * The best hypothesis never scores below that of greedy search: if the greedy path drops out of the
 * beam, it continues in a separate row for as long as it could win. Width 1 without length penalty is
 * greedy search. The caller owns the encoding; all other tensors are freed.
 *
 * @returns the hypotheses of each row, best first: `beamWidth`, or fewer if fewer exist (or groups of a
 *   diverse search find the same ones)
 * @throws AttendError `BAD_ARGUMENT` naming the option that is invalid or does not match the batch
 */
export function beamSearch<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  encoding: Encoding,
  special: DecodingTokens,
  options: BeamOptions,
): Hypothesis[][] {
  const groups = checkOptions(options);
  const { beamWidth, attention = false, lengthPenalty = 0, coveragePenalty = 0 } = options;
  const width = beamWidth / groups;
  let state = decoder.start(encoding);
  const excluded = excludedTokens(special);
  const suppressed = suppression(decoder.vocabularySize, excluded);
  const request = {
    // Twice the width, and those used by earlier groups, at most `beamWidth - width`.
    count: width + beamWidth,
    suppressed,
    attention: coveragePenalty > 0 ? "required" : attention ? "optional" : "none",
  } as const;
  try {
    const limits = limitsOf(options.maxLength, state.rows);
    const constraints = constraintsOf(options, special, decoder.vocabularySize, limits);
    const searches = limits.map((maxLength, row) => {
      const nextOf = constraints && ((tokens: readonly number[]) => constraints.next(row, tokens));
      const ranking = { lengthPenalty, coveragePenalty, attention };
      const diversity = options.diversity?.strength ?? 0;
      const limited = { width, maxLength, earlyStop: options.earlyStop ?? false };
      const settings = { special, excluded, diversity, nextOf, ...limited, ...ranking };
      return new RowSearch(settings, groups);
    });
    state = expanded(decoder, state, groups);
    let paths = pathsIn(searches);
    while (paths.length > 0) {
      const { next, rows } = stepPaths(decoder, state, paths, request);
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

/** All paths to continue, numbered by their row of the decoder's state. */
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
