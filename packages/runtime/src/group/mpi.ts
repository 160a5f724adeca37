import { createRequire } from "node:module";
import { setImmediate, setTimeout } from "node:timers/promises";
import { deserialize, serialize } from "node:v8";
import { AttendError, messageOf } from "../errors.ts";
import { buildMpiAddon } from "../install/mpi.ts";
import type { Group } from "./group.ts";

/** The functions of `native/mpi`. All but `arrive`, `startSum` and `advanceSums` wait for all processes. */
interface Mpi {
  join(): [rank: number, size: number];
  leave(): void;
  arrive(): void;
  haveArrived(): boolean;
  startSum(values: Float32Array): void;
  advanceSums(): void;
  finishSums(): void;
  gather(bytes: Uint8Array): Buffer[];
}

/**
 * The processes that `mpirun` has started. This process leaves them when it ends successfully; if it fails, `mpirun` ends
 * the others.
 *
 * @throws AttendError ENGINE_MISSING
 */
export async function joinMpi(): Promise<Group> {
  const mpi = await loadMpi();
  const [rank, size] = mpi.join();
  const wait = waitFor(mpi);
  process.once("exit", (code) => {
    if (code === 0) mpi.leave();
  });
  return {
    rank,
    size,
    startSum: mpi.startSum,
    advanceSums: mpi.advanceSums,
    async finishSums() {
      await wait();
      mpi.finishSums();
    },
    async gather(value) {
      await wait();
      return mpi.gather(serialize(value)).map((bytes) => deserialize(bytes));
    },
  };
}

async function loadMpi(): Promise<Mpi> {
  try {
    return createRequire(import.meta.url)(await buildMpiAddon());
  } catch (cause) {
    throw new AttendError(
      "ENGINE_MISSING",
      `mpirun has started this process, but Open MPI's compiler does not work here (${messageOf(cause)}); install it on every machine (Debian, Ubuntu: apt install libopenmpi-dev), or run without mpirun`,
      { cause },
    );
  }
}

/** Until then, waiting takes all of a processor and no time; afterwards, a thousandth of a second and no processor. */
const eagerMilliseconds = 2;
/** How long the others may take to finish what they do when all are told to end. */
const patience = 10_000;

/**
 * Waits until all processes do, and lets signals, timers and reads run: MPI's own functions would keep a processor busy
 * for as long as another process validates.
 */
function waitFor(mpi: Mpi): () => Promise<void> {
  /** `mpirun` sends SIGTERM to all when it is stopped, and when a process has failed, which then never arrives. */
  let endedAt = Number.POSITIVE_INFINITY;
  process.on("SIGTERM", () => {
    endedAt = performance.now();
  });
  return async () => {
    mpi.arrive();
    const start = performance.now();
    while (!mpi.haveArrived()) {
      const now = performance.now();
      if (now - endedAt > patience) throw lostAnother();
      await (now - start < eagerMilliseconds ? setImmediate() : setTimeout(1));
    }
  };
}

function lostAnother(): AttendError {
  const message =
    "another process of this training has ended; run the same command with --resume to continue from its last checkpoint";
  return new AttendError("INTERRUPTED", message);
}
