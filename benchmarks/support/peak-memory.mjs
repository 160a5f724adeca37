import { readFileSync } from "node:fs";

/** The peak resident set size of this process, in bytes. */
export function peakMemory() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    // On Linux, this would include the parent process.
    return process.resourceUsage().maxRSS * 1024;
  }
}
