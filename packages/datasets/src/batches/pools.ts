import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";

/** The indices below `count` in pools of `poolSize`: shuffled, then sorted within each pool. */
export function shuffledPools(
  count: number,
  options: { random: Random; poolSize: number; compare: (a: number, b: number) => number },
): number[][] {
  const { random, poolSize, compare } = options;
  const order = random.shuffle([...Array(count).keys()]);
  const pools: number[][] = [];
  for (let i = 0; i < order.length; i += poolSize) {
    pools.push(order.slice(i, i + poolSize).sort(compare));
  }
  return pools;
}

/** @throws AttendError BAD_ARGUMENT */
export function checkWhole(what: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  const message = `${what} is a whole number above 0, but ${value} was given`;
  throw new AttendError("BAD_ARGUMENT", message);
}
