import { deserialize, serialize } from "node:v8";
import type { Group } from "@attend/runtime/group";

/** A group within this process: each member is for one of several trainings that run at once. */
export function groupOf(size: number): Group[] {
  const sum = meeting(size, (parts: Float32Array[]) => {
    const [first, ...others] = parts;
    for (const other of others) for (const [i, value] of other.entries()) first![i]! += value;
    for (const other of others) other.set(first!);
  });
  const gather = meeting(size, (values: Buffer[]) => values);
  const started: Float32Array[][] = Array.from({ length: size }, () => []);
  return started.map((own, rank) => ({
    rank,
    size,
    startSum: (values) => own.push(values),
    advanceSums() {},
    async finishSums() {
      for (const values of own.splice(0)) await sum(rank, values);
    },
    async gather(value) {
      return (await gather(rank, serialize(value))).map((bytes) => deserialize(bytes));
    },
  }));
}

/** A function that each member calls with its value; all return what `work` makes of them once the last one has. */
function meeting<Value, Result>(size: number, work: (values: Value[]) => Result) {
  let values: Value[] = [];
  let waiting: ((result: Result) => void)[] = [];
  return (rank: number, value: Value): Promise<Result> =>
    new Promise((resolve) => {
      values[rank] = value;
      if (waiting.push(resolve) < size) return;
      const [all, met] = [values, waiting];
      [values, waiting] = [[], []];
      const result = work(all);
      for (const go of met) go(result);
    });
}
