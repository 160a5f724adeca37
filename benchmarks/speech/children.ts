import { readdirSync, readFileSync } from "node:fs";

/** What the processes that this one started took; Linux only. */
export interface Cost {
  readonly seconds: number;
  readonly processorSeconds: number;
  /** The peak resident set size of the largest process, seen every 50 ms. */
  readonly megabytes: number;
}

/** Runs work that starts processes, and ends them. */
export async function costOfChildren<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; cost: Cost }> {
  const before = processorSeconds();
  const start = performance.now();
  let megabytes = 0;
  const timer = setInterval(() => {
    megabytes = Math.max(megabytes, ...children().map(peakMegabytes));
  }, 50);
  try {
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    return { result, cost: { seconds, processorSeconds: processorSeconds() - before, megabytes } };
  } finally {
    clearInterval(timer);
  }
}

/** Of this process's children that have ended, and their children: `cutime` and `cstime` of proc(5), in ticks of 10 ms. */
function processorSeconds(): number {
  const fields = statOf("self");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function children(): string[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.filter((id) => statOf(id)[1] === String(process.pid));
}

/** What follows the program's name in /proc/ID/stat; nothing if the process is gone. */
function statOf(id: string): string[] {
  return read(`/proc/${id}/stat`)
    .replace(/^.*\) /s, "")
    .split(" ");
}

function peakMegabytes(id: string): number {
  const [, kilobytes = "0"] = /^VmHWM:\s+(\d+)/m.exec(read(`/proc/${id}/status`)) ?? [];
  return Number(kilobytes) / 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
