import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { TfjsNode } from "./tfjs-node.ts";

/** The folder of the fused kernels' sources, in the repository and in the published package. */
export const sourceFolder = fileURLToPath(new URL("../../native/", import.meta.url));

/** The source that is compiled once for each instruction set; the others are compiled once. */
export const vectorSource = "kernels.cc";

const words = (text: string) => text.split(" ");

/** The instruction sets that the vector source is compiled for: floats in a vector, and flags. */
export function instructionSetsOf(
  arch: NodeJS.Architecture,
): { name: string; lanes: number; flags: string[] }[] {
  // Part of every ARM64 processor.
  if (arch === "arm64") return [{ name: "neon", lanes: 4, flags: [] }];
  const portable = { name: "portable", lanes: 4, flags: [] };
  if (arch !== "x64") return [portable];
  const avx512 = words("-mavx512f -mavx512vl -mavx512bw -mavx512dq -mfma");
  return [
    portable,
    { name: "avx2", lanes: 8, flags: words("-mavx2 -mfma") },
    { name: "avx512", lanes: 16, flags: avx512 },
  ];
}

/** How the sources are compiled. */
export const compilation = {
  flags: words(
    "-std=c++17 -O3 -ffp-contract=fast -fno-math-errno -fPIC -fvisibility=hidden -pthread",
  ),
  instructionSets: instructionSetsOf(process.arch),
} as const;

/** Identifies the compiled kernels, so that outdated ones are not used. */
export function sourceHash(): string {
  const hash = createHash("sha256").update(JSON.stringify(compilation));
  const files = readdirSync(sourceFolder).filter((name) => path.extname(name) !== "");
  for (const file of files.sort()) {
    hash.update(file).update(readFileSync(path.join(sourceFolder, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** The path of the fused kernels' addon, relative to tfjs-node's folder. */
export function fusedKernelsOf({ addon }: TfjsNode): string {
  return path.join(path.dirname(addon), `attend-${sourceHash()}.node`);
}
