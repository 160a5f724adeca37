import { createRandom } from "@attend/runtime/random";
import { countHeldOut } from "../held-out.ts";

/** Options of {@link splitBySource}. */
export interface SplitBySourceOptions {
  /** The number of distinct sources to hold out; below 1, a fraction of them. */
  readonly heldOut: number;
  readonly seed: number;
  /**
   * Sources with the same key are equal. The default ignores case, whitespace and compatibility forms, so
   * that held-out sources are also new to a model of lower-case text.
   */
  readonly keyOf?: ((source: string) => string) | undefined;
}

/**
 * Splits pairs by source: a sentence with several translations is on one side with all of them, so that no
 * held-out source is in `train`. The seed determines which; both lists keep the order of `pairs`.
 *
 * @throws AttendError BAD_ARGUMENT if `heldOut` is out of range: either side gets at least one source
 */
export function splitBySource<Pair extends { readonly source: string }>(
  pairs: readonly Pair[],
  { heldOut, seed, keyOf = sameSentence }: SplitBySourceOptions,
): { train: Pair[]; heldOut: Pair[] } {
  const keys = pairs.map(({ source }) => keyOf(source));
  const distinct = [...new Set(keys)];
  const count = countHeldOut(heldOut, distinct.length, "different sources");
  const chosen = new Set(createRandom(seed).shuffle(distinct).slice(0, count));
  const [train, held]: [Pair[], Pair[]] = [[], []];
  for (const [index, pair] of pairs.entries()) {
    (chosen.has(keys[index] ?? "") ? held : train).push(pair);
  }
  return { train, heldOut: held };
}

/** The number of distinct sources that {@link splitBySource} splits. */
export function countSources(pairs: readonly { readonly source: string }[]): number {
  return new Set(pairs.map(({ source }) => sameSentence(source))).size;
}

function sameSentence(source: string): string {
  return source.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
