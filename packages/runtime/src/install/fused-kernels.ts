import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { messageOf } from "../errors.ts";
import { loadAddon } from "./addon.ts";
import { findEntry, makeEntry, removeEntry } from "./cache.ts";
import { findCompiler, nodeHeaders } from "./compile.ts";
import { kernelLinking } from "./linking.ts";
import {
  compilation,
  fusedKernelsOf,
  sourceFolder,
  sourceHash,
  vectorSource,
} from "./native-sources.ts";
import { place } from "./place.ts";
import { withProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";
import type { TfjsNode } from "./tfjs-node.ts";

const minute = 60_000;

/**
 * Compiles the fused kernels (`native/`) into the cache, unless they are there, and puts their
 * addon next to tfjs-node's, which must be installed. Never fails: without them the engine is only
 * slower.
 *
 * @returns a clause for the final line: with the kernels, or without and why
 */
export async function setUpFusedKernels(tfjsNode: TfjsNode): Promise<string> {
  try {
    await buildAndPlace(tfjsNode);
    return "with fused kernels";
  } catch (error) {
    return `without fused kernels: ${messageOf(error)}`;
  }
}

async function buildAndPlace(tfjsNode: TfjsNode): Promise<void> {
  if (process.platform === "win32") throw new Error("they do not support Windows");
  const addon = fusedKernelsOf(tfjsNode);
  const engine = path.join(tfjsNode.folder, tfjsNode.addon);
  const check = (folder: string) => loadAddon(engine, path.join(folder, addon));
  const works = async (folder: string) =>
    existsSync(path.join(folder, addon)) &&
    check(folder).then(
      () => true,
      () => false,
    );
  if (await works(tfjsNode.folder)) return;

  const key = `kernels-${sourceHash()}-${process.platform}-${process.arch}-napi${tfjsNode.napi}`;
  const cached = findEntry(key);
  if (cached !== undefined && !(await works(cached))) await removeEntry(key);
  const entry =
    findEntry(key) ??
    (await makeEntry(key, async (folder) => {
      await withProgress("compiling the fused kernels", compile(tfjsNode, folder, addon));
      await check(folder);
    }));
  await place(entry, tfjsNode.folder, addon);
}

/** Creates `folder/addon`. */
async function compile(tfjsNode: TfjsNode, folder: string, addon: string): Promise<void> {
  const [command, ...args] = await findCompiler();
  const run = (...more: string[]) =>
    runCommand(command, [...args, ...compilation.flags, ...more], { timeLimit: 10 * minute });
  const files = await readdir(sourceFolder);
  const once = files.filter((file) => file.endsWith(".cc") && file !== vectorSource);
  const node = [`-DNAPI_VERSION=${tfjsNode.napi}`, `-I${nodeHeaders()}`];
  const units = [
    // They take longest.
    ...compilation.instructionSets.map(({ name, lanes, flags }) => ({
      file: vectorSource,
      object: path.join(folder, `${name}.o`),
      flags: [...flags, `-DATTEND_ISA=${name}`, `-DATTEND_LANES=${lanes}`],
    })),
    ...once.map((file) => ({ file, object: path.join(folder, `${file}.o`), flags: node })),
  ];
  // A generator: leaving it, as an error does, ends it for all.
  const rest = (function* () {
    yield* units;
  })();
  const compileRest = async () => {
    for (const { file, object, flags } of rest) {
      await run(...flags, "-c", path.join(sourceFolder, file), "-o", object);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, compileRest));
  const libraryFolder = path.join(tfjsNode.folder, "deps", "lib");
  const libraries = (await readdir(libraryFolder))
    .filter((file) => /^libtensorflow\w*\.so\.2$/.test(file))
    .sort()
    .reverse()
    .map((file) => path.join(libraryFolder, file));
  const objects = units.map(({ object }) => object);
  await mkdir(path.dirname(path.join(folder, addon)), { recursive: true });
  await run(
    ...objects,
    ...kernelLinking(process.platform, libraries),
    ...["-o", path.join(folder, addon)],
  );
  await Promise.all(objects.map((object) => rm(object)));
}
