import { tf } from "@attend/runtime";
import type { Group } from "@attend/runtime/group";
import { readSlot, tensorOf } from "./checkpoint.ts";
import { ownRows } from "./divide.ts";
import type { Slot } from "./slot.ts";
import type { TrainingTask } from "./task.ts";

/**
 * What the processes of a group carry, as checkpoints have it: reading a slot gives the rows of all, as they are now, and
 * writing it gives each process its own. All call this together.
 */
export async function carriedByAll(
  { carried }: Pick<TrainingTask<unknown, unknown>, "carried">,
  group: Group,
): Promise<Map<string, Slot>> {
  const slots = new Map<string, Slot>();
  if (carried === undefined) return slots;
  const { first, count } = ownRows(carried.rows, group);
  const processes = await group.gather([...carried.slots.values()].map(readSlot));
  for (const [i, [name, slot]] of [...carried.slots].entries()) {
    slots.set(`carried/${name}`, {
      read: () => tf.concat(processes.flatMap((each) => each[i] ?? []).map(tensorOf)),
      write: (value) => slot.write(tf.slice(value, first, count)),
      dispose() {},
    });
  }
  return slots;
}
