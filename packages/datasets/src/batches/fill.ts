/** Limits of a batch's size. */
export interface BatchBudget {
  /** Limits rows times the longest of them. */
  readonly tokensPerBatch: number;
  readonly maxRows: number;
}

/** Cuts an order into batches, each as large as the budget allows; a sequence above it gets its own batch. */
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
