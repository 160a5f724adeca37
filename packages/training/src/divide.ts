import { AttendError } from "@attend/runtime/errors";
import type { Group, Place } from "@attend/runtime/group";
import { contentHash } from "./origin.ts";
import type { TrainingTask } from "./task.ts";

type Divided = Pick<TrainingTask<unknown, unknown>, "carried">;

/** Lets the first process of a group do its work before the others do theirs: they find what it has put into a cache. */
export async function inTurn<Result>(group: Group, work: () => Promise<Result>): Promise<Result> {
  const isFirst = group.rank === 0;
  if (!isFirst) await group.gather("waits");
  const result = await work();
  if (isFirst) await group.gather("is done");
  return result;
}

/**
 * Compares what all processes of a group must have in common.
 *
 * @throws AttendError BAD_DATA naming the first process that differs from process 0
 */
export async function requireSame(group: Group, what: string, value: unknown): Promise<void> {
  const [first, ...others] = await group.gather(contentHash([JSON.stringify(value)]));
  const other = others.findIndex((each) => each !== first) + 1;
  if (other === 0) return;
  const message = `process ${other} of ${group.size} has other ${what} than process 0; start all with the same version, options and files`;
  throw new AttendError("BAD_DATA", message);
}

/** The part of an update's batches that a process computes. */
export interface Share extends Place {
  /** Gives processes that have rows of the same batch different random numbers. */
  readonly seeds: readonly number[];
}

/** Every `size`-th batch; or, if batches continue each other, some rows of each. */
export function shareOf({ carried }: Divided, { rank, size }: Place): Share {
  if (carried === undefined) return { rank, size, seeds: [] };
  return { rank: 0, size: 1, seeds: rank === 0 ? [] : [rank] };
}

/** The rows of each batch that a process has of a task with carried state: as many as the others, or one more. */
export function ownRows(rows: number, { rank, size }: Place): { first: number; count: number } {
  const first = Math.floor((rows * rank) / size);
  return { first, count: Math.floor((rows * (rank + 1)) / size) - first };
}

/** What a user is told about several processes. */
export function describeDivision({ carried }: Divided, { size }: Place): string {
  const division = carried
    ? `each has a part of the ${carried.rows} rows of a batch`
    : `an update has ${size} times as many batches`;
  return `${size} processes train together: ${division}`;
}

/**
 * @param batches in the first epoch
 * @throws AttendError BAD_ARGUMENT if a training cannot be divided among so many processes
 */
export function requireDivisible({ carried }: Divided, batches: number, { size }: Place): void {
  const parts = carried?.rows ?? batches;
  if (parts >= size) return;
  const reason = carried
    ? `a batch has ${parts} ${parts === 1 ? "row" : "rows"}`
    : `an epoch has ${parts} ${parts === 1 ? "batch" : "batches"}`;
  const message = `this training cannot be divided among ${size} processes: ${reason}; start fewer with mpirun -n`;
  throw new AttendError("BAD_ARGUMENT", message);
}
