import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Python {
  readonly version: string;
  /** Milliseconds of each repeat. */
  measure(numbers: {
    batch: number;
    steps: number;
    inputSize: number;
    units: number;
    repeats: number;
  }): Promise<number[]>;
  close(): void;
}

/** Starts lstm.py, which waits for cases, so that both sides can take turns. */
export async function startPython(command: string, threads: number): Promise<Python> {
  const script = fileURLToPath(new URL("./lstm.py", import.meta.url));
  const child = spawn(command, [script, String(threads)], { stdio: ["pipe", "pipe", "inherit"] });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done) throw new Error(`${command} ${script} ended; set PYTHON to a Python with torch`);
    return JSON.parse(value);
  };
  const { version }: { version: string } = await next();
  return {
    version,
    measure: async ({ batch, steps, inputSize, units, repeats }) => {
      child.stdin.write(`${[batch, steps, inputSize, units, repeats].join(" ")}\n`);
      return next();
    },
    close: () => child.stdin.end(),
  };
}
