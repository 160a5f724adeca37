import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** `attend-serve` in a process of its own; whoever starts it closes it. */
export interface ServerProgram {
  /** `http://127.0.0.1:...` */
  readonly url: string;
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Its exit code, and the signal that ended it. */
  readonly ended: Promise<unknown[]>;
  /** Ends it as SIGTERM does, when its requests are answered. */
  close(): Promise<void>;
}

/** Starts `attend-serve` from its sources on a free port; it has printed its address. Someone must read its `stderr`. */
export async function startServerProgram(...args: readonly string[]): Promise<ServerProgram> {
  const start = join(import.meta.dirname, "../../../scripts/start.mjs");
  const flags = ["--conditions=@attend/source", start, "serve", "--port", "0", ...args];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return {
    url: String(line).replace(/ .*/, ""),
    child,
    ended,
    async close() {
      child.kill();
      await ended;
    },
  };
}
