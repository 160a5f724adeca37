import path from "node:path";
import { messageOf } from "../errors.ts";
import { loadAddon } from "./addon.ts";
import { findEntry, makeEntry, removeEntry } from "./cache.ts";
import { setUpFusedKernels } from "./fused-kernels.ts";
import { buildWithInstaller } from "./installer.ts";
import { place } from "./place.ts";
import { logFile, startLog } from "./run-command.ts";
import { setUpCommand } from "./set-up-command.ts";
import { findTfjsNode, type TfjsNode } from "./tfjs-node.ts";
import { buildFromWheel } from "./wheel.ts";
import { wheelVersion } from "./wheels.ts";

/** A way to obtain the native engine. */
interface Tier {
  readonly name: "installer" | "wheel";
  /** Where libtensorflow comes from, for the final line. */
  readonly origin: string;
  /** What determines the result of the build, in addition to tfjs-node. */
  readonly source: string;
  /** Fills a folder with the files for tfjs-node's folder, under the same names. */
  readonly build: (tfjsNode: TfjsNode, folder: string) => Promise<void>;
}

const tiers: readonly Tier[] = [
  {
    name: "installer",
    origin: "tfjs-node's installer",
    source: "installer",
    build: buildWithInstaller,
  },
  {
    name: "wheel",
    origin: "the PyPI wheel",
    source: `wheel-${wheelVersion}`,
    build: buildFromWheel,
  },
];

const choices = ["auto", "installer", "wheel", "wasm", "skip"];

/**
 * Sets up the fastest available engine, in the order of the tiers; `choice` (the environment
 * variable ATTEND_ENGINE_SETUP) restricts it to one tier, or none. The native engine also gets its
 * fused kernels.
 *
 * @returns the final line: which engine, and where it came from or why it is not the native one
 */
export async function setUpEngine(
  choice = "auto",
  tfjsNode: TfjsNode | undefined = findTfjsNode(),
): Promise<string> {
  if (choice === "skip") return "engine set-up skipped (ATTEND_ENGINE_SETUP=skip)";
  if (choice === "wasm") return "wasm engine: requested by ATTEND_ENGINE_SETUP=wasm";
  if (!choices.includes(choice)) {
    return `engine set-up skipped: ATTEND_ENGINE_SETUP is "${choice}"; expected ${choices.join(", ")}`;
  }
  if (tfjsNode === undefined) {
    return "wasm engine: the optional package @tensorflow/tfjs-node is not installed";
  }
  const present = await loadAddon(addonOf(tfjsNode)).catch(() => undefined);
  if (present !== undefined) return ready(tfjsNode, present, "already in place");

  const start = performance.now();
  try {
    startLog();
  } catch (error) {
    return `wasm engine: the cache cannot be written (${messageOf(error)}); set ATTEND_CACHE to another folder and run ${setUpCommand}`;
  }
  const chosen: { tier: Tier; cached: string | undefined }[] = [];
  for (const tier of tiers) {
    if (choice !== "auto" && choice !== tier.name) continue;
    chosen.push({ tier, cached: await findWorkingEntry(keyOf(tier, tfjsNode), tfjsNode) });
  }
  // Prefer a cached build of any tier over building one.
  chosen.sort((a, b) => Number(a.cached === undefined) - Number(b.cached === undefined));

  const failures: string[] = [];
  for (const { tier, cached } of chosen) {
    try {
      const entry = cached ?? (await build(tier, tfjsNode));
      await place(entry, tfjsNode.folder, tfjsNode.addon);
      const version = await loadAddon(addonOf(tfjsNode));
      const seconds = ((performance.now() - start) / 1000).toFixed(cached ? 1 : 0);
      return ready(tfjsNode, version, `from ${cached ? "the cache" : tier.origin}, ${seconds} s`);
    } catch (error) {
      failures.push(`${tier.name}: ${messageOf(error)}`);
    }
  }
  return `wasm engine, because the native one failed (${failures.join("; ")}); to retry, run ${setUpCommand}; log: ${logFile()}`;
}

function build(tier: Tier, tfjsNode: TfjsNode): Promise<string> {
  return makeEntry(keyOf(tier, tfjsNode), async (folder) => {
    await tier.build(tfjsNode, folder);
    await loadAddon(path.join(folder, tfjsNode.addon));
  });
}

/** The cache entry of a key if its addon loads; a broken one is removed. */
async function findWorkingEntry(key: string, tfjsNode: TfjsNode): Promise<string | undefined> {
  const entry = findEntry(key);
  if (entry === undefined) return undefined;
  try {
    await loadAddon(path.join(entry, tfjsNode.addon));
    return entry;
  } catch {
    await removeEntry(key);
    return undefined;
  }
}

function keyOf(tier: Tier, { version, napi }: TfjsNode): string {
  const platform = `${process.platform}-${process.arch}`;
  return `tfjs-node-${version}-${tier.source}-${platform}-napi${napi}`;
}

function addonOf({ folder, addon }: TfjsNode): string {
  return path.join(folder, addon);
}

async function ready(tfjsNode: TfjsNode, libtensorflow: string, how: string): Promise<string> {
  const kernels = await setUpFusedKernels(tfjsNode);
  return `native engine ready (libtensorflow ${libtensorflow}, ${how}), ${kernels}`;
}
