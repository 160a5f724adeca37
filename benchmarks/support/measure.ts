/** The middle value (the upper one of two). */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Lets sides take turns, so that each sees the same machine: `rounds` times one after another, in
 * reverse order every second round.
 *
 * @returns each side's values of all rounds, in the order of `sides`
 */
export async function takeTurns<Value>(
  rounds: number,
  sides: readonly (() => Promise<readonly Value[]>)[],
): Promise<Value[][]> {
  const runs = sides.map((run) => ({ run, values: [] as Value[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { run, values } of round % 2 === 0 ? runs : runs.toReversed()) {
      values.push(...(await run()));
    }
  }
  return runs.map(({ values }) => values);
}
