import { createRequire } from "node:module";
import { isNative } from "./kernels.ts";

/** Writes the curves of one run for TensorBoard. */
export interface SummaryWriter {
  /** A point of the curve `name`; `step` is a whole number. */
  scalar(name: string, value: number, step: number): void;
  /** Writes out what is held back, which otherwise happens every two minutes. */
  flush(): void;
}

const require = createRequire(import.meta.url);

/**
 * A writer of TensorBoard event files into `folder`, which is made where it is absent; undefined on
 * wasm, which has none. A folder's writer is the same for the whole process.
 */
export function summaryWriter(folder: string): SummaryWriter | undefined {
  if (!isNative()) return undefined;
  const tfjsNode = require("@tensorflow/tfjs-node") as {
    node: { summaryFileWriter(folder: string): SummaryWriter };
  };
  return tfjsNode.node.summaryFileWriter(folder);
}
