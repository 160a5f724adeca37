import { readFileSync } from "node:fs";

/** Bytes of the process's largest resident set. */
export function peakMemory() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    // On Linux this would include the process that started this one.
    return process.resourceUsage().maxRSS * 1024;
  }
}
