import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import {
  hosts,
  makeHosts,
  mpirunOnHosts,
  removeHosts,
} from "../../packages/training/test/support/mpi/hosts.ts";

/**
 * Does something with two hosts on this machine, network namespaces, and a cable of a speed in gigabits a second between them.
 *
 * @param work is given an `mpirun` that starts a process on each
 * @throws AttendError BAD_ARGUMENT if namespaces are not permitted
 */
export function withCable<Result>(
  gigabits: number,
  work: (mpirun: readonly string[]) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), "attend-cable-"));
  try {
    const reason = makeHosts();
    if (reason !== undefined) {
      const message = `--gigabits needs network namespaces: ${reason}; run it as root, or without`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    for (const host of hosts) {
      const limit = ["tbf", "rate", `${gigabits}gbit`, "burst", "256kb", "latency", "20ms"];
      execFileSync("tc", ["-n", host, "qdisc", "add", "dev", "attend0", "root", ...limit]);
    }
    return work(mpirunOnHosts(folder));
  } finally {
    removeHosts();
    rmSync(folder, { recursive: true });
  }
}
