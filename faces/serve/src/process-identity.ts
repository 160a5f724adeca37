import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells a process from a later one with the same id: when it was started. Undefined if there is no such process, or
 * it has ended and only waits for its parent.
 */
export function identityOf(pid: number): string | undefined {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Its start in clock ticks since the boot, field 22 of `/proc/pid/stat`, and which boot. */
function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name before, in parentheses, may have spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state = "Z"] = fields;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return /[ZX]/.test(state) ? undefined : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  try {
    const format = ["-o", "stat=,lstart=", "-p", `${pid}`];
    const line = execFileSync("ps", format, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return line.startsWith("Z") ? undefined : line.trim().replace(/^\S+\s+/, "");
  } catch {
    return undefined;
  }
}
