import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The server as a program. */
interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

/** Starts `attend-serve` from its sources on a free port. */
export async function startServer(processes: number): Promise<ServerProcess> {
  const start = join(import.meta.dirname, "../../scripts/start.mjs");
  const args = ["--conditions=@attend/source", start, "serve", "--port", "0"];
  const child = spawn(process.execPath, [...args, "--processes", String(processes)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return {
    url: String(line).replace(/ .*/, ""),
    pid: child.pid ?? 0,
    async close() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Mebibytes of a process, and of each that it started. */
export function memoryOf(pid: number): number[] {
  const read = (path: string) => readFileSync(path, "utf8");
  const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
  );
  return [kibibytes / 1024, ...children.flatMap(memoryOf)];
}
