import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingCommand } from "./missing-command.ts";

/** A Redis that keeps nothing on disk; whoever starts it stops it. */
export interface TestRedis {
  /** `redis://127.0.0.1:...` */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a Redis on a free port; undefined if `redis-server` is not installed.
 *
 * @param options `host` to listen on; `within`: a program that runs it, such as `ip netns exec name`
 */
export async function startRedis({
  host = "127.0.0.1",
  within = [],
}: {
  readonly host?: string;
  readonly within?: readonly string[];
} = {}): Promise<TestRedis | undefined> {
  if (missingCommand("redis-server") !== undefined) return undefined;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "attend-redis-"));
  const settings = ["--port", String(port), "--bind", host, "--protected-mode", "no"];
  const [program = "", ...args] = [
    ...within,
    "redis-server",
    ...settings,
    "--save",
    "",
    "--dir",
    folder,
  ];
  const server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(server, "exit");
  await Promise.race([untilReady(server), exited]);
  return {
    url: `redis://${host}:${port}`,
    async stop() {
      server.kill();
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.stdout?.on("data", (text) => {
      if (String(text).includes("Ready to accept connections")) resolve();
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
