import { readdirSync } from "node:fs";
import path from "node:path";
import type { TfjsNode } from "../install/tfjs-node.ts";
import { tf } from "../tf.ts";
import { markLoaded, requireFromTfjsNode } from "./load-tfjs-node.ts";

/**
 * Registers tfjs-node's kernels, each of which is a file of the same name. It is loaded when the kernel first runs: all
 * of them take 60 ms, and a program uses one in ten.
 */
export function registerKernelsOnFirstUse(tfjsNode: TfjsNode): void {
  const files = readdirSync(path.join(tfjsNode.folder, "dist", "kernels"));
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    const kernelName = path.basename(file, ".js");
    let kernel: tf.KernelConfig | undefined;
    tf.registerKernel({
      kernelName,
      backendName: "tensorflow",
      kernelFunc: (call) => {
        kernel ??= loadKernel(tfjsNode, kernelName);
        return kernel.kernelFunc(call);
      },
    });
  }
  // A program that imports tfjs-node itself would register all of them once more, each with a warning.
  markLoaded(tfjsNode, "dist/register_all_kernels.js");
}

function loadKernel(tfjsNode: TfjsNode, name: string): tf.KernelConfig {
  const exports = requireFromTfjsNode(tfjsNode, `dist/kernels/${name}.js`) as object;
  const kernels: tf.KernelConfig[] = Object.values(exports);
  const kernel = kernels.find(({ kernelName }) => kernelName === name);
  if (kernel === undefined) throw new Error(`tfjs-node has no kernel ${name} in its file`);
  return kernel;
}
