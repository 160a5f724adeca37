import { createRequire } from "node:module";
import os from "node:os";
import util from "node:util";
import type { LoadedEngine } from "../engine.ts";
import { tf } from "../tf.ts";
import { loadFusedKernels } from "./fused-kernels.ts";

const require = createRequire(import.meta.url);

/**
 * Loads `@tensorflow/tfjs-node`, which registers itself with `tf` and becomes its backend.
 *
 * @throws whatever its loading throws: the package, its addon or libtensorflow is missing.
 */
export function loadNative(): LoadedEngine {
  // Level 1 hides the notice about CPU instructions that libtensorflow prints on its first use.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "1";
  restoreUtilFunctions();
  const { version } = require("@tensorflow/tfjs-node") as { version: Record<string, string> };
  const backend: object = tf.backend();
  const binding = "binding" in backend ? (backend.binding as { TF_Version?: string }) : {};
  return {
    name: "native",
    version: version["tfjs-node"] ?? "unknown",
    library: `libtensorflow ${binding.TF_Version ?? "of unknown version"}`,
    fusedKernels: loadFusedKernels(),
    threads: Number(process.env["TF_NUM_INTRAOP_THREADS"]) || os.availableParallelism(),
  };
}

/** tfjs-node 4.22 calls two functions that Node 23 removed from `util`. */
function restoreUtilFunctions(): void {
  const removed = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  for (const [name, implementation] of Object.entries(removed)) {
    if (!(name in util)) Object.defineProperty(util, name, { value: implementation });
  }
}
