import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { findTfjsNode, type TfjsNode } from "../install/tfjs-node.ts";
import type { Precision } from "../precision.ts";
import { applyTuning, currentTuning } from "../processor/current.ts";
import { threadCount } from "../processor/identity.ts";
import { tf } from "../tf.ts";
import { hasFusedKernels, loadFusedKernels } from "./fused-kernels.ts";
import { useOwnGradientProducts } from "./gradient-products.ts";
import { registerGradientsOnFirstUse, repairGradients } from "./gradients.ts";
import { requireFromTfjsNode, restoreUtil } from "./load-tfjs-node.ts";
import type { LoadedEngine } from "./loaded-engine.ts";
import { registerKernelsOnFirstUse } from "./tfjs-kernels.ts";

const require = createRequire(import.meta.url);

/**
 * Loads the backend of `@tensorflow/tfjs-node` and makes it the backend of `tf`.
 *
 * @throws any error from loading it, if the package, its addon or libtensorflow is missing
 */
export function loadNative(precision: Precision): LoadedEngine {
  // Level 1 hides the notice about CPU instructions that libtensorflow prints on its first use.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "1";
  const tfjsNode = findTfjsNode();
  if (tfjsNode === undefined) throw new Error("@tensorflow/tfjs-node is not installed");
  applyTuning(precision);
  const binding = loadBinding(tfjsNode);
  // The backend is already registered if the program has imported tfjs-node itself.
  if (tf.findBackend("tensorflow") === null) registerBackend(tfjsNode, binding);
  else {
    restoreUtil();
    repairGradients();
  }
  if (!tf.setBackend("tensorflow")) throw new Error("TensorFlow does not start");
  const fusedKernels = loadFusedKernels();
  if (hasFusedKernels() && currentTuning().tuning.ownGradients) useOwnGradientProducts();
  return {
    name: "native",
    version: tfjsNode.version,
    library: `libtensorflow ${binding.TF_Version ?? "(unknown version)"}`,
    fusedKernels,
    threads: threadCount(),
  };
}

interface Binding {
  readonly TF_Version?: string;
}

function loadBinding({ folder, addon }: TfjsNode): Binding {
  const file = path.join(folder, addon);
  if (!existsSync(file)) throw new Error(`${path.basename(addon)} is missing from ${folder}`);
  return require(file);
}

/** Same as in the index of tfjs-node. */
function registerBackend(tfjsNode: TfjsNode, binding: Binding): void {
  const { NodeJSKernelBackend } = requireFromTfjsNode(
    tfjsNode,
    "dist/nodejs_kernel_backend.js",
  ) as { NodeJSKernelBackend: new (binding: Binding, name: string) => tf.KernelBackend };
  registerKernelsOnFirstUse(tfjsNode);
  const create = () => new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node");
  tf.registerBackend("tensorflow", create, 3);
  registerGradientsOnFirstUse();
}
