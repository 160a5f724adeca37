import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { AttendError } from "../errors.ts";
import { setUpCommand } from "../install/set-up-command.ts";

const megabyte = 2 ** 20;
/** Addresses have 32 bits. */
const mostBytes = 2 ** 32;

/** The part of the compiled module that this file uses; the backend's types lack it. */
interface Heap {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

function isHeap(wasm: object): wasm is Heap {
  return "HEAPU8" in wasm && "_malloc" in wasm && "_free" in wasm;
}

/**
 * Makes the wasm backend throw AttendError ENGINE_FAILED if there is no memory for a tensor. It would take the allocator's
 * 0 for the tensor's address, and write over other tensors.
 */
export function checkAllocations({ wasm }: BackendWasm): void {
  if (!isHeap(wasm)) throw new TypeError("tfjs-backend-wasm has no allocator");
  // Its first call replaces the function.
  wasm._free(wasm._malloc(1));
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes < mostBytes ? allocate(bytes) : 0;
    if (address !== 0) return address;
    const [size, used] = [bytes, wasm.HEAPU8.byteLength].map((n) => Math.ceil(n / megabyte));
    const message = `WebAssembly has no memory for a tensor of ${size} MB beside the ${used} MB that it has taken, of at most 4096; use smaller batches (in a training config, "tokensPerBatch" or "batchSize"), or the native engine, which ${setUpCommand} sets up`;
    throw new AttendError("ENGINE_FAILED", message);
  };
}
