import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * One side of a comparison: a process that waits for requests, one JSON object per line, so that both
 * sides can take turns in one run. `serve.ts` and `serve.py` are its counterparts.
 */
export interface Worker {
  /** Sends `{ do: name, ...request }` and waits for the answer. */
  ask<Answer>(name: string, request?: object): Promise<Answer>;
  /** Ends the process and waits for it. */
  close(): Promise<void>;
}

export function startWorker(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Worker {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  ended.catch(() => {}); // `ask` and `close` report it.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(name, request = {}) {
      child.stdin.write(`${JSON.stringify({ do: name, ...request })}\n`);
      const { value, done } = await Promise.race([lines.next(), ended.then(() => lines.next())]);
      if (done) throw new Error(`${command} ${args.join(" ")} ended at "${name}": see above`);
      return JSON.parse(value);
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
