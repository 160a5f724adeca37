/** What can compute: libtensorflow on all processors, or WebAssembly on one. */
export type EngineName = "native" | "wasm";

/** What runs the tensors of this process. */
export interface Engine {
  readonly name: EngineName;
  /** Version of the TensorFlow.js package behind it. */
  readonly version: string;
  /** What computes: `libtensorflow 2.15.1` or `WebAssembly with SIMD`. */
  readonly library: string;
  /** Threads one operation may use. */
  readonly threads: number;
  /** Native only: the instruction set of the fused kernels, or `none` and why. */
  readonly fusedKernels?: string;
  /** Why this engine and no other, as a clause: `asked for by ATTEND_ENGINE`. */
  readonly reason: string;
  /** How long it took to load. */
  readonly loadSeconds: number;
}

/** What a loader of one engine reports; the choice adds the rest. */
export type LoadedEngine = Omit<Engine, "reason" | "loadSeconds">;
