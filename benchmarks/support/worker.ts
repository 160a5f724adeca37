import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * One side of a comparison: a process that waits for requests, one line of JSON each, so that both
 * sides can take turns in one run (`serve.ts` and `serve.py` are the other end).
 */
export interface Worker {
  /** Sends `{ do, ...given }` and waits for what the worker's handler of that name gives. */
  ask<Answer>(name: string, given?: object): Promise<Answer>;
  /** Waits until the process has ended. */
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
  ended.catch(() => {}); // `ask` and `close` tell.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(name, given = {}) {
      child.stdin.write(`${JSON.stringify({ do: name, ...given })}\n`);
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
