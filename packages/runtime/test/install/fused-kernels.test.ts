import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { setUpFusedKernels } from "../../src/install/fused-kernels.ts";
import { fusedKernelsOf } from "../../src/install/native-sources.ts";
import { place } from "../../src/install/place.ts";
import type { TfjsNode } from "../../src/install/tfjs-node.ts";
import { freshTfjsNode, hasAddon, installed, scratchCache } from "./support/scratch.ts";

const linux = process.platform === "linux";

/** A copy of tfjs-node with its addon and libraries, without the fused kernels. */
async function tfjsNodeWithAddon(): Promise<TfjsNode> {
  const tfjsNode = freshTfjsNode();
  const original = installed?.folder ?? "";
  const libraries = path.join("deps", "lib");
  const [library = ""] = readdirSync(path.join(original, libraries));
  await place(path.join(original, libraries), path.join(tfjsNode.folder, libraries), library);
  mkdirSync(path.dirname(path.join(tfjsNode.folder, tfjsNode.addon)), { recursive: true });
  copyFileSync(path.join(original, tfjsNode.addon), path.join(tfjsNode.folder, tfjsNode.addon));
  return tfjsNode;
}

describe.skipIf(!hasAddon || !linux)("setUpFusedKernels", () => {
  it("reports a missing compiler and leaves no files", async () => {
    const cache = scratchCache();
    vi.stubEnv("CXX", "no-such-compiler");
    const tfjsNode = await tfjsNodeWithAddon();
    expect(await setUpFusedKernels(tfjsNode)).toBe(
      "without fused kernels: the compiler CXX=no-such-compiler does not run",
    );
    expect(readdirSync(cache).filter((name) => name.includes("kernels"))).toEqual([]);
    expect(existsSync(path.join(tfjsNode.folder, fusedKernelsOf(tfjsNode)))).toBe(false);
  });

  it("reports the compiler's error", async () => {
    scratchCache();
    vi.stubEnv("CXX", `g++ -include no-such-header.h`);
    const line = await setUpFusedKernels(await tfjsNodeWithAddon());
    expect(line).toMatch(/^without fused kernels: .*no-such-header\.h/);
  });

  it("rejects an addon that does not load, also from the cache", async () => {
    const cache = scratchCache();
    vi.stubEnv("CXX", "true"); // Compiles nothing.
    const tfjsNode = await tfjsNodeWithAddon();
    expect(await setUpFusedKernels(tfjsNode)).toMatch(/^without fused kernels: /);
    expect(readdirSync(cache).filter((name) => name.includes("kernels"))).toEqual([]);
  });

  it("compiles them, and uses the cache the next time", async ({ skip }) => {
    const unoptimized = path.join(scratchCache(), "g++");
    // Optimizing takes ten times as long.
    writeFileSync(unoptimized, '#!/bin/sh\nexec g++ "$@" -O0\n', { mode: 0o755 });
    vi.stubEnv("CXX", unoptimized);
    const tfjsNode = await tfjsNodeWithAddon();
    const line = await setUpFusedKernels(tfjsNode);
    skip(line.includes("does not run"), "no compiler");
    expect(line).toBe("with fused kernels");
    vi.stubEnv("CXX", "no-such-compiler");
    const other = await tfjsNodeWithAddon();
    writeFileSync(path.join(other.folder, fusedKernelsOf(other)), "broken");
    expect(await setUpFusedKernels(other)).toBe("with fused kernels");
  });
});
