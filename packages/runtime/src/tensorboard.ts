import { requireFromTfjsNode } from "./engines/load-tfjs-node.ts";
import { findTfjsNode } from "./install/tfjs-node.ts";
import { isNative } from "./kernels.ts";

/** Writes the curves of one run for TensorBoard. */
export interface SummaryWriter {
  /** A point of the curve `name`; `step` is a whole number. */
  scalar(name: string, value: number, step: number): void;
  /** Writes out what is held back, which otherwise happens every two minutes. */
  flush(): void;
}

/**
 * A writer of TensorBoard event files into `folder`, which is made where it is absent; undefined on
 * wasm, which has none. A folder's writer is the same for the whole process.
 */
export function summaryWriter(folder: string): SummaryWriter | undefined {
  const tfjsNode = isNative() ? findTfjsNode() : undefined;
  if (tfjsNode === undefined) return undefined;
  const tensorboard = requireFromTfjsNode(tfjsNode, "dist/tensorboard.js") as {
    summaryFileWriter(folder: string): SummaryWriter;
  };
  return tensorboard.summaryFileWriter(folder);
}
