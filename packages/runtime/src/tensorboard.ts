import { requireFromTfjsNode } from "./engines/load-tfjs-node.ts";
import { findTfjsNode } from "./install/tfjs-node.ts";
import { isNative } from "./kernels.ts";

/** Writes the curves of a run for TensorBoard. */
export interface SummaryWriter {
  /** Adds a point to the curve `name`; `step` is an integer. */
  scalar(name: string, value: number, step: number): void;
  /** Writes buffered points, which otherwise happens every two minutes. */
  flush(): void;
}

/**
 * A writer of TensorBoard event files into `folder`, which is created if necessary; undefined on
 * wasm, which does not support it. All calls in a process share one writer per folder.
 */
export function summaryWriter(folder: string): SummaryWriter | undefined {
  const tfjsNode = isNative() ? findTfjsNode() : undefined;
  if (tfjsNode === undefined) return undefined;
  const tensorboard = requireFromTfjsNode(tfjsNode, "dist/tensorboard.js") as {
    summaryFileWriter(folder: string): SummaryWriter;
  };
  return tensorboard.summaryFileWriter(folder);
}
