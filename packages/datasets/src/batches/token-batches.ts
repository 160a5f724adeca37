import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import { fill } from "./fill.ts";
import { checkCount, shuffledPools } from "./pools.ts";

/** The number of tokens on the two sides of a pair, including special tokens (start, end). */
export interface PairLengths {
  readonly source: number;
  readonly target: number;
}

/** How pairs are grouped into batches with similar numbers of tokens. */
export interface TokenBatchesOptions {
  /** Limits rows times their longest side, which includes padding. */
  readonly tokensPerBatch: number;
  /** The same state gives the same plan. */
  readonly random: Random;
  /** The most rows per batch; default no limit. */
  readonly maxRows?: number | undefined;
  /** Shuffled pairs are sorted by length in pools of about this many batches; default 100. */
  readonly poolBatches?: number | undefined;
}

/**
 * Plans an epoch over pairs of sequences: batches of indices into `lengths`, each index exactly once, in
 * random order, with pairs of similar length together. A batch's size is measured like fairseq's
 * max-tokens (Ott et al. 2019): rows times the longest source or target. Within a pool, every batch but
 * the last is as full as possible.
 *
 * @throws AttendError BAD_ARGUMENT if a pair alone is larger than a batch may be (filter such pairs first),
 *   and for options that are not whole numbers above 0
 */
export function tokenBatches(
  lengths: readonly PairLengths[],
  { tokensPerBatch, random, maxRows, poolBatches = 100 }: TokenBatchesOptions,
): number[][] {
  checkCount("tokensPerBatch", tokensPerBatch);
  checkCount("poolBatches", poolBatches);
  if (maxRows !== undefined) checkCount("maxRows", maxRows);
  const longer = lengths.map(({ source, target }) => Math.max(source, target));
  const budget = { tokensPerBatch, maxRows: maxRows ?? Number.POSITIVE_INFINITY };
  checkLengths(longer, tokensPerBatch);
  const mean = Math.max(longer.reduce((sum, length) => sum + length, 0) / longer.length, 1);
  const rows = Math.max(Math.min(Math.floor(tokensPerBatch / mean), budget.maxRows), 1);
  const sideOf = (index: number, side: keyof PairLengths) => lengths[index]?.[side] ?? 0;
  // Among pairs of equal length, similar sources come together, so that both sides need little padding.
  const compare = (a: number, b: number) =>
    (longer[a] ?? 0) - (longer[b] ?? 0) ||
    sideOf(a, "source") - sideOf(b, "source") ||
    sideOf(a, "target") - sideOf(b, "target");
  const pools = shuffledPools(lengths.length, { random, poolSize: poolBatches * rows, compare });
  return random.shuffle(pools.flatMap((pool) => fill(pool, longer, budget)));
}

function checkLengths(lengths: readonly number[], tokensPerBatch: number): void {
  for (const [index, length] of lengths.entries()) {
    if (!Number.isInteger(length) || length < 0) {
      const message = `the length of pair ${index} is ${length}; give a whole number of tokens`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    if (length > tokensPerBatch) {
      const message = `pair ${index} has ${length} tokens on a side, but a batch has at most ${tokensPerBatch}; leave out longer pairs, or raise tokensPerBatch`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
  }
}
