import { readdirSync, readFileSync } from "node:fs";

/** Mebibytes of a process, and of each that it started. */
export function memoryOf(pid: number): number[] {
  const read = (path: string) => readFileSync(path, "utf8");
  const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
  );
  return [kibibytes / 1024, ...children.flatMap(memoryOf)];
}
