import { AttendError } from "@attend/runtime/errors";
import { fill } from "./fill.ts";
import { checkCount } from "./pools.ts";

/** Limits of a batch's size. */
export interface BatchesByLengthOptions {
  /** The most rows per batch. */
  readonly batchSize: number;
  /** Limits rows times the longest of them; a longer sequence gets its own batch. Default no limit. */
  readonly tokensPerBatch?: number | undefined;
}

/** The result of {@link batchesByLength}. */
export interface LengthPlan {
  /** Each index exactly once, the longest sequences first. */
  readonly batches: readonly (readonly number[])[];
  /**
   * Restores the original order.
   *
   * @param results one list per batch, in the order of `batches` and their indices
   * @throws AttendError BAD_ARGUMENT if there are not as many results as indices
   */
  restore<Result>(results: readonly (readonly Result[])[]): Result[];
}

/**
 * Plans batches for decoding many sequences: sequences of similar length share a batch, so that there is
 * little padding and they end at about the same time. The longest come first, so that a lack of memory
 * shows immediately. Nothing is random.
 *
 * @throws AttendError BAD_ARGUMENT if an option is not a whole number above 0
 */
export function batchesByLength(
  lengths: readonly number[],
  { batchSize, tokensPerBatch }: BatchesByLengthOptions,
): LengthPlan {
  checkCount("batchSize", batchSize);
  if (tokensPerBatch !== undefined) checkCount("tokensPerBatch", tokensPerBatch);
  const order = [...lengths.keys()].sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  const batches = fill(order, lengths, {
    maxRows: batchSize,
    tokensPerBatch: tokensPerBatch ?? Number.POSITIVE_INFINITY,
  });
  return { batches, restore: (results) => restore(batches, results) };
}

function restore<Result>(
  batches: LengthPlan["batches"],
  results: readonly (readonly Result[])[],
): Result[] {
  if (results.length !== batches.length) {
    const message = `results of ${results.length} batches, but there are ${batches.length}; give a list for each`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const indexed = results.flatMap((batchResults, number) => {
    const batch = batches[number] ?? [];
    if (batchResults.length !== batch.length) {
      const message = `${batchResults.length} results of batch ${number}, but it has ${batch.length} rows; give one for each`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    return batchResults.map((result, row) => ({ result, index: batch[row] ?? 0 }));
  });
  return indexed.sort((a, b) => a.index - b.index).map(({ result }) => result);
}
