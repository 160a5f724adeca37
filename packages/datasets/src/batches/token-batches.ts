import { AttendError } from "@attend/runtime/errors";
import type { Random } from "@attend/runtime/random";
import { fill } from "./fill.ts";
import { checkWhole, shuffledPools } from "./pools.ts";

/** The tokens of a pair's two sides, those that are added (start, end) included. */
export interface PairLengths {
  readonly source: number;
  readonly target: number;
}

/** How pairs are put into batches of about as many tokens. */
export interface TokenBatchesOptions {
  /** Rows times the longest side among them, padding included: at most so many. */
  readonly tokensPerBatch: number;
  /** Decides the plan wholly: the same state gives the same plan. */
  readonly random: Random;
  /** Rows a batch, at most; default no limit but the tokens'. */
  readonly maxRows?: number | undefined;
  /** So many batches' worth of shuffled pairs, about, are sorted by length together; default 100. */
  readonly poolBatches?: number | undefined;
}

/**
 * An epoch over pairs of sequences: batches of indices into `lengths`, each index exactly once, in random
 * order, with pairs of similar length together. A batch's size is counted as fairseq's max-tokens (Ott et
 * al. 2019): rows times the longest source or target. Within a pool every batch but the last is as full
 * as it can be.
 *
 * @throws AttendError BAD_ARGUMENT where a pair is longer than a batch, which bounds the memory: leave
 *   such pairs out before; also for options that are no whole numbers above 0.
 */
export function tokenBatches(
  lengths: readonly PairLengths[],
  { tokensPerBatch, random, maxRows, poolBatches = 100 }: TokenBatchesOptions,
): number[][] {
  checkWhole("tokensPerBatch", tokensPerBatch);
  checkWhole("poolBatches", poolBatches);
  if (maxRows !== undefined) checkWhole("maxRows", maxRows);
  const longer = lengths.map(({ source, target }) => Math.max(source, target));
  const budget = { tokensPerBatch, maxRows: maxRows ?? Number.POSITIVE_INFINITY };
  checkLengths(longer, tokensPerBatch);
  const mean = Math.max(longer.reduce((sum, length) => sum + length, 0) / longer.length, 1);
  const rows = Math.max(Math.min(Math.floor(tokensPerBatch / mean), budget.maxRows), 1);
  const sideOf = (index: number, side: keyof PairLengths) => lengths[index]?.[side] ?? 0;
  // Of pairs as long, those with the same source together: then both sides need little padding.
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
      const message = `a length is a whole number of tokens, but that of pair ${index} is ${length}`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    if (length > tokensPerBatch) {
      const message = `pair ${index} has ${length} tokens on a side, and a batch at most ${tokensPerBatch}; leave out longer pairs, or raise tokensPerBatch`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
  }
}
