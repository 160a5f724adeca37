import type { LoadedEngine } from "../engine.ts";
import { tf } from "../tf.ts";

/** Loads `@tensorflow/tfjs-backend-wasm` with the modules of its own package and makes it the backend. */
export async function loadWasm(): Promise<LoadedEngine> {
  const { getThreadsCount, version_wasm } = await import("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend("wasm"))) throw new Error("WebAssembly does not start");
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return {
    name: "wasm",
    version: version_wasm,
    library: simd ? "WebAssembly with SIMD" : "WebAssembly",
    threads: getThreadsCount(),
  };
}
