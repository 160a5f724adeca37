import { cp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { largestFile, megabytesIn, withProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";
import type { TfjsNode } from "./tfjs-node.ts";

const minute = 60_000;
/** A download that has not started by then never will. */
const firstByteLimit = 20_000;

/**
 * Tier 1: tfjs-node's own installer, which downloads libtensorflow and the addon. It runs in a copy
 * of the required part of the package, because it rewrites the package's manifest, which pnpm's
 * store shares, and leaves a partial download behind if it fails.
 */
export async function buildWithInstaller(tfjsNode: TfjsNode, folder: string): Promise<void> {
  const requiredFiles = ["package.json", "binding.gyp", "binding", "scripts"];
  for (const name of requiredFiles) {
    await cp(path.join(tfjsNode.folder, name), path.join(folder, name), { recursive: true });
  }
  const require = createRequire(path.join(tfjsNode.folder, "package.json"));
  const gyp = path.dirname(require.resolve("@mapbox/node-pre-gyp/package.json"));
  const env = {
    ...process.env,
    NODE_PATH: (require.resolve.paths("rimraf") ?? []).join(path.delimiter),
    PATH: [path.join(gyp, "bin"), process.env["PATH"]].join(path.delimiter),
  };

  const downloads = path.join(folder, "deps");
  const stalled = new AbortController();
  const timer = setTimeout(async () => {
    if ((await largestFile(downloads)) === 0) stalled.abort("its download did not start");
  }, firstByteLimit);
  try {
    const options = { cwd: folder, env, timeLimit: 10 * minute, signal: stalled.signal };
    const installing = runCommand(process.execPath, ["scripts/install.js"], options);
    await withProgress("installing libtensorflow with tfjs-node's installer", installing, () =>
      megabytesIn(downloads),
    );
  } finally {
    clearTimeout(timer);
  }
  for (const name of [...requiredFiles, path.join("deps", "include"), "build"]) {
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}
