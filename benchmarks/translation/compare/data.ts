import { join } from "node:path";
import { findData, type ParallelPair, readParallel } from "@attend/datasets";
import { createRandom } from "@attend/runtime";

export interface Data {
  readonly train: readonly ParallelPair[];
  readonly dev: readonly ParallelPair[];
  readonly test: readonly ParallelPair[];
}

/** Multi30k, English to German. */
export async function readData(quick: boolean): Promise<Data> {
  const parts = ["train", "val", "test_2016_flickr"] as const;
  const names = parts.flatMap((part) => [`${part}.en.gz`, `${part}.de.gz`]);
  const folder = findData("multi30k", names);
  const read = async (part: (typeof parts)[number], first: number) => {
    const [source, target] = [join(folder, `${part}.en.gz`), join(folder, `${part}.de.gz`)];
    const { pairs } = await readParallel({ source, target });
    return quick ? pairs.slice(0, first) : pairs;
  };
  return {
    train: await read("train", 2000),
    dev: await read("val", 100),
    test: await read("test_2016_flickr", 100),
  };
}

/** The sorted indices of `count` of `total` lines, the same in every run. */
export function sampleLines(total: number, count: number): number[] {
  const all = createRandom(1).shuffle(Array.from({ length: total }, (_, line) => line));
  return all.slice(0, count).toSorted((a, b) => a - b);
}
