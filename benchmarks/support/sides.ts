import { fileURLToPath } from "node:url";
import { python, threadLimits } from "./machine.ts";
import { startWorker, type Worker } from "./worker.ts";

/**
 * The two sides of a comparison in separate processes: `attend-side.ts` and `torch_side.py`.
 *
 * @param base the address of a file in their folder
 */
export function sidesBeside(base: string) {
  const script = (name: string) => fileURLToPath(new URL(name, base));
  const startOurs = (): Worker => {
    const env = { ...threadLimits, TF_CPP_MIN_LOG_LEVEL: "2" };
    // `execArgv` contains the flags that let Node run TypeScript.
    return startWorker(process.execPath, [...process.execArgv, script("attend-side.ts")], env);
  };
  const startTorch = (): Worker => startWorker(python, [script("torch_side.py")], threadLimits);
  return {
    startTorch,
    /** Runs both sides while `use` runs. */
    async sides<Result>(use: (ours: Worker, torch: Worker) => Promise<Result>): Promise<Result> {
      const [ours, torch] = [startOurs(), startTorch()];
      try {
        return await use(ours, torch);
      } finally {
        await Promise.all([ours.close(), torch.close()]);
      }
    },
  };
}

/** A table row with the peak resident set size of both sides so far, in MB. */
export async function memoryRow(what: string, ours: Worker, torch: Worker) {
  const megabytes = async (worker: Worker) =>
    (await worker.ask<{ bytes: number }>("peak")).bytes / 1e6;
  return { what, unit: "MB" as const, ours: await megabytes(ours), torch: await megabytes(torch) };
}
