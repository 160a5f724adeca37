import { AttendError } from "@attend/runtime/errors";
import { fill } from "./fill.ts";
import { checkWhole } from "./pools.ts";

/** How large batches get. */
export interface BatchesByLengthOptions {
  /** Rows a batch, at most. */
  readonly batchSize: number;
  /** Rows times the longest among them, at most; a longer sequence is alone. Default no limit. */
  readonly tokensPerBatch?: number | undefined;
}

/** See {@link batchesByLength}. */
export interface LengthPlan {
  /** Indices, the longest sequences first; each index exactly once. */
  readonly batches: readonly (readonly number[])[];
  /**
   * Puts results back in order.
   *
   * @param results of each batch, in the order of `batches` and of the indices therein
   * @throws AttendError BAD_ARGUMENT where there are more or fewer than indices
   */
  restore<Result>(results: readonly (readonly Result[])[]): Result[];
}

/**
 * A plan for decoding many sequences: those of similar length together, so that little is padded and
 * they end at about the same time, and the longest first, so that too little memory is noticed at once.
 * Nothing is random.
 *
 * @throws AttendError BAD_ARGUMENT where an option is no whole number above 0
 */
export function batchesByLength(
  lengths: readonly number[],
  { batchSize, tokensPerBatch }: BatchesByLengthOptions,
): LengthPlan {
  checkWhole("a batch size", batchSize);
  if (tokensPerBatch !== undefined) checkWhole("tokensPerBatch", tokensPerBatch);
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
    const message = `there are ${batches.length} batches, but the results of ${results.length} were given; give a list for each`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const placed = results.flatMap((given, number) => {
    const batch = batches[number] ?? [];
    if (given.length !== batch.length) {
      const message = `batch ${number} has ${batch.length} rows, but ${given.length} results were given; give one for each`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    return given.map((result, row) => ({ result, index: batch[row] ?? 0 }));
  });
  return placed.sort((a, b) => a.index - b.index).map(({ result }) => result);
}
