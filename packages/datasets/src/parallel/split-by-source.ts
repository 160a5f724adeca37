import { createRandom } from "@attend/runtime/random";
import { countHeldOut } from "../held-out.ts";

/** How many sources are held out, and which count as one. */
export interface SplitBySourceOptions {
  /** How many different sources are held out; below 1, which share of them. */
  readonly heldOut: number;
  readonly seed: number;
  /**
   * Sources with the same key are one. The default overlooks capitals, white space and compatible forms
   * of characters, so that what is held out is unseen by a model of lower-cased text, too.
   */
  readonly keyOf?: ((source: string) => string) | undefined;
}

/**
 * Divides pairs by source: a sentence with several translations is wholly on one side, with all of
 * them, so that no source that is held out stands in train. The seed decides which are; both lists keep
 * the order of `pairs`.
 *
 * @throws AttendError BAD_ARGUMENT where `heldOut` is out of range: at least one source stays on either
 *   side.
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

/** How many different sources there are to divide by {@link splitBySource}. */
export function countSources(pairs: readonly { readonly source: string }[]): number {
  return new Set(pairs.map(({ source }) => sameSentence(source))).size;
}

function sameSentence(source: string): string {
  return source.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
