import { spread } from "../spread.ts";
import type { ParallelStatistics } from "./pairs.ts";

/** Computes statistics of a list of pairs; of an empty one, all are 0. */
export function parallelStatistics(
  pairs: readonly { readonly source: string; readonly target: string }[],
): ParallelStatistics {
  const targetsOf = new Map<string, Set<string>>();
  const targets = new Set<string>();
  let repeated = 0;
  for (const { source, target } of pairs) {
    const known = targetsOf.get(source) ?? new Set();
    if (known.has(target)) repeated++;
    targetsOf.set(source, known.add(target));
    targets.add(target);
  }
  return {
    pairs: pairs.length,
    distinctSources: targetsOf.size,
    distinctTargets: targets.size,
    repeated,
    sourceLength: spread(pairs.map(({ source }) => source.length)),
    targetLength: spread(pairs.map(({ target }) => target.length)),
  };
}

/** Formats statistics as lines of text. */
export function formatParallelStatistics(of: ParallelStatistics): string {
  const number = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 1 });
  const side = (
    name: string,
    { min, mean, percentile95, max }: ParallelStatistics["sourceLength"],
  ) =>
    `${number(min)} to ${number(max)} characters per ${name}, ${number(mean)} on average, 95% at most ${number(percentile95)}`;
  return [
    `${number(of.pairs)} pairs (${number(of.repeated)} repeated), ${number(of.distinctSources)} distinct sources, ${number(of.distinctTargets)} distinct targets`,
    side("source", of.sourceLength),
    side("target", of.targetLength),
  ].join("\n");
}
