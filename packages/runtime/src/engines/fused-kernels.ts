import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { messageOf } from "../errors.ts";
import { fusedKernelsOf } from "../install/native-sources.ts";
import { setUpCommand } from "../install/set-up-command.ts";
import { findTfjsNode } from "../install/tfjs-node.ts";

const require = createRequire(import.meta.url);
let loaded = false;

/** Whether this package's own operations (`native/`) are registered with the native engine. */
export function hasFusedKernels(): boolean {
  return loaded;
}

/**
 * Registers the operations in `native/`; tfjs-node must be loaded. Without them, the native engine
 * falls back to slower loops.
 *
 * @returns the instruction set they use, or why they are not available
 */
export function loadFusedKernels(): string {
  if (process.env["ATTEND_KERNELS"] === "none") return "none, disabled by ATTEND_KERNELS";
  const tfjsNode = findTfjsNode();
  if (tfjsNode === undefined) return "none, @tensorflow/tfjs-node is not installed";
  const addon = path.join(tfjsNode.folder, fusedKernelsOf(tfjsNode));
  if (!existsSync(addon)) return `none, not built yet: run ${setUpCommand}`;
  try {
    const { instructionSet }: { instructionSet: string } = require(addon);
    loaded = true;
    return instructionSet;
  } catch (error) {
    return `none, they failed to load: ${messageOf(error)}`;
  }
}
