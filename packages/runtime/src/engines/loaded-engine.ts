/** The name of an engine: libtensorflow on all processors, or WebAssembly on one thread. */
export type EngineName = "native" | "wasm";

import type { Precision } from "../precision.ts";

/** The engine that this process's tensors run on. */
export interface Engine {
  readonly name: EngineName;
  /** The version of its TensorFlow.js package. */
  readonly version: string;
  /** The library that computes: `libtensorflow 2.15.1` or `WebAssembly with SIMD`. */
  readonly library: string;
  /** Threads per operation. */
  readonly threads: number;
  /** Native only: the instruction set of the fused kernels, or `none` and the reason. */
  readonly fusedKernels?: string;
  /** Of products; without effect on wasm. */
  readonly precision: Precision;
  /** Why this engine was chosen, as a clause: `requested by ATTEND_ENGINE`. */
  readonly reason: string;
  /** How long loading took. */
  readonly loadSeconds: number;
}

/** What loading an engine returns, without the fields that `loadEngine` adds. */
export type LoadedEngine = Omit<Engine, "precision" | "reason" | "loadSeconds">;
