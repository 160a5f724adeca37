import { AttendError } from "@attend/runtime/errors";
import type { Group } from "@attend/runtime/group";
import { contentHash } from "./origin.ts";
import type { TrainingTask } from "./task.ts";

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

/**
 * @param batches in the first epoch
 * @throws AttendError BAD_ARGUMENT if a training cannot be divided among so many processes
 */
export function requireDivisible(
  { carried }: Pick<TrainingTask<unknown, unknown>, "carried">,
  batches: number,
  { size }: Group,
): void {
  if (size === 1) return;
  const reason =
    carried !== undefined
      ? "each batch continues the one before it"
      : batches < size
        ? `an epoch has ${batches} ${batches === 1 ? "batch" : "batches"}`
        : undefined;
  if (reason === undefined) return;
  const remedy = carried ? "train in one process, without mpirun" : "start fewer with mpirun -n";
  const message = `this training cannot be divided among ${size} processes: ${reason}; ${remedy}`;
  throw new AttendError("BAD_ARGUMENT", message);
}
