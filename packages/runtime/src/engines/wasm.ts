import { tf } from "../tf.ts";
import { extendWasm } from "../wasm-kernels/index.ts";
import { repairGradients } from "./gradients.ts";
import type { LoadedEngine } from "./loaded-engine.ts";

/** Loads `@tensorflow/tfjs-backend-wasm` from its own package and makes it the backend. */
export async function loadWasm(): Promise<LoadedEngine> {
  // tfjs-core has no gradients of its own; importing tfjs-layers registers them (tfjs-node does so
  // too).
  await import("@tensorflow/tfjs-layers");
  repairGradients();
  const { getThreadsCount, version_wasm } = await import("@tensorflow/tfjs-backend-wasm");
  const started = await withoutNewCrashHandlers(async () => tf.setBackend("wasm"));
  if (!started) throw new Error("WebAssembly does not start");
  extendWasm();
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return {
    name: "wasm",
    version: version_wasm,
    library: simd ? "WebAssembly with SIMD" : "WebAssembly",
    threads: getThreadsCount(),
  };
}

/**
 * Emscripten's start-up code adds process-wide crash handlers that rethrow errors from its own
 * file, which hides their origin; they are removed again.
 */
async function withoutNewCrashHandlers<T>(start: () => Promise<T>): Promise<T> {
  const exceptionListeners = process.listeners("uncaughtException");
  const rejectionListeners = process.listeners("unhandledRejection");
  const result = await start();
  for (const listener of process.listeners("uncaughtException")) {
    if (!exceptionListeners.includes(listener)) process.off("uncaughtException", listener);
  }
  for (const listener of process.listeners("unhandledRejection")) {
    if (!rejectionListeners.includes(listener)) process.off("unhandledRejection", listener);
  }
  return result;
}
