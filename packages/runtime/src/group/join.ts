import { alone, type Group } from "./group.ts";
import { placeInGroup } from "./place.ts";

let joined: Promise<Group> | undefined;

/**
 * This process's group: those that `mpirun` has started with it, otherwise itself alone.
 *
 * @throws AttendError ENGINE_MISSING if there is no Open MPI to compile with
 */
export function joinGroup(): Promise<Group> {
  joined ??= join();
  return joined;
}

async function join(): Promise<Group> {
  if (placeInGroup().size === 1) return alone;
  const { joinMpi } = await import("./mpi.ts");
  return joinMpi();
}
