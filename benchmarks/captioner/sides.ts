import { fileURLToPath } from "node:url";
import { python, threadLimits } from "../support/machine.ts";
import { startWorker, type Worker } from "../support/worker.ts";

/** The arguments of every part of the benchmark. */
export interface Setting {
  /** The folder of the model that both sides load. */
  readonly model: string;
  readonly photos: readonly string[];
  /** A folder for files, deleted at the end. */
  readonly temporary: string;
  /** Fewer repetitions. */
  readonly quick: boolean;
}

function startOurs(): Worker {
  const script = fileURLToPath(new URL("./attend-side.ts", import.meta.url));
  const env = { ...threadLimits, TF_CPP_MIN_LOG_LEVEL: "2" };
  // `execArgv` contains the flags that let Node run TypeScript.
  return startWorker(process.execPath, [...process.execArgv, script], env);
}

export function startTorch(): Worker {
  const script = fileURLToPath(new URL("./torch_side.py", import.meta.url));
  return startWorker(python, [script], threadLimits);
}

/** Runs both sides in separate processes while `use` runs. */
export async function sides<Result>(
  use: (ours: Worker, torch: Worker) => Promise<Result>,
): Promise<Result> {
  const [ours, torch] = [startOurs(), startTorch()];
  try {
    return await use(ours, torch);
  } finally {
    await Promise.all([ours.close(), torch.close()]);
  }
}

/** A table row with the peak resident set size of both sides so far, in MB. */
export async function memoryRow(what: string, ours: Worker, torch: Worker) {
  const megabytes = async (worker: Worker) =>
    (await worker.ask<{ bytes: number }>("peak")).bytes / 1e6;
  return { what, unit: "MB" as const, ours: await megabytes(ours), torch: await megabytes(torch) };
}

/** The result of `caption` on either side. */
export interface Captioned {
  readonly captions: readonly {
    readonly tokens: readonly string[];
    readonly logProbability: number;
  }[];
  /** Milliseconds of each photo. */
  readonly times: readonly number[];
}
