/** What a batch may hold. */
export interface BatchBudget {
  /** Rows times the longest among them. */
  readonly tokensPerBatch: number;
  readonly maxRows: number;
}

/** Cuts an order into batches, each as long as the budget lets it be; what alone is above it is a batch alone. */
export function fill(
  order: readonly number[],
  lengths: readonly number[],
  { tokensPerBatch, maxRows }: BatchBudget,
): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const index of order) {
    const withIt = Math.max(longest, lengths[index] ?? 0);
    if (
      batch.length > 0 &&
      (batch.length >= maxRows || (batch.length + 1) * withIt > tokensPerBatch)
    ) {
      batches.push(batch);
      batch = [];
      longest = 0;
    }
    batch.push(index);
    longest = Math.max(longest, lengths[index] ?? 0);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
