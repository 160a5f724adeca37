import type { Random } from "@attend/runtime/random";

/** The indices below `count` in random order, in batches; the last may be smaller. */
export function shuffledBatches(count: number, batchSize: number, random: Random): number[][] {
  const order = random.shuffle(Array.from({ length: count }, (_, index) => index));
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) =>
    order.slice(batch * batchSize, (batch + 1) * batchSize),
  );
}
