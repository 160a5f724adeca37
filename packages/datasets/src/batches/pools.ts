import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";

/** Shuffles the indices below `count`, cuts them into pools of `poolSize`, and sorts each pool. */
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

/** @throws AttendError BAD_ARGUMENT unless `value` is a whole number above 0 */
export function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  const message = `${name} is ${value}; give a whole number above 0`;
  throw new AttendError("BAD_ARGUMENT", message);
}
