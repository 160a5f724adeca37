import { loadEngine, tf } from "@attend/runtime";
import { beforeAll } from "vitest";

/** Loads the engine before the file's tests: that of ATTEND_ENGINE, which each vitest project sets. */
export function useEngine(): void {
  beforeAll(async () => {
    await loadEngine();
  });
}

/** Fails unless there are as many tensors after `run` as before; `run` must dispose its own result. */
export async function expectNoLeak(run: () => unknown): Promise<void> {
  const before = tf.memory().numTensors;
  await run();
  const difference = tf.memory().numTensors - before;
  if (difference > 0) throw new Error(`${difference} tensors were not disposed`);
  if (difference < 0) throw new Error(`${-difference} tensors too many were disposed`);
}
