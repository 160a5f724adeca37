import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, vi } from "vitest";
import { findTfjsNode, readTfjsNode, type TfjsNode } from "../../../src/install/tfjs-node.ts";

const folders: string[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "attend-install-"));
  folders.push(folder);
  return folder;
}

/** The installed tfjs-node; these tests need it, with or without its addon. */
export const installed = findTfjsNode();

/** True where the native engine is set up in this checkout. */
export const hasAddon =
  installed !== undefined && existsSync(path.join(installed.folder, installed.addon));

/** A copy of tfjs-node as a fresh install leaves it: without addon and libraries. */
export function freshTfjsNode(): TfjsNode {
  if (installed === undefined) throw new Error("@tensorflow/tfjs-node is not installed");
  const folder = path.join(scratchFolder(), "node_modules", "@tensorflow", "tfjs-node");
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "binding.gyp", "binding", "scripts"]) {
    cpSync(path.join(installed.folder, name), path.join(folder, name), { recursive: true });
  }
  // Its dependencies are where the original finds them.
  symlinkSync(path.join(installed.folder, "..", ".."), path.join(folder, "node_modules"));
  return readTfjsNode(folder);
}

/** A cache of its own for the test, and no way to the outside for tfjs-node's installer. */
export function scratchCache(): string {
  const cache = scratchFolder();
  vi.stubEnv("ATTEND_CACHE", cache);
  vi.stubEnv("TFJS_NODE_CDN_STORAGE", "http://127.0.0.1:9/");
  for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) {
    vi.stubEnv(name, undefined);
  }
  vi.spyOn(console, "log").mockImplementation(() => {});
  return cache;
}
