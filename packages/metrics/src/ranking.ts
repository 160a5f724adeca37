import { AttendError } from "@attend/runtime/errors";

/**
 * The fraction of questions whose right answer is among the first `k`.
 *
 * @param ranks of the right answer of each question, from 1; Infinity where it was not found
 * @throws AttendError BAD_DATA if there are none or one is no rank
 */
export function hitRate(ranks: readonly number[], k: number): number {
  checkRanks(ranks);
  return ranks.filter((rank) => rank <= k).length / ranks.length;
}

/**
 * The mean of 1 / rank (Voorhees 1999, 'The TREC-8 Question Answering Track Report').
 *
 * @param ranks as of {@link hitRate}
 * @throws AttendError as {@link hitRate} does
 */
export function meanReciprocalRank(ranks: readonly number[]): number {
  checkRanks(ranks);
  return ranks.reduce((sum, rank) => sum + 1 / rank, 0) / ranks.length;
}

function checkRanks(ranks: readonly number[]): void {
  if (ranks.length === 0) {
    throw new AttendError("BAD_DATA", "no ranks were given; give one for each question");
  }
  const wrong = ranks.find((rank) => !(rank >= 1));
  if (wrong !== undefined) {
    throw new AttendError("BAD_DATA", `a rank is ${wrong}; they count from 1`);
  }
}
