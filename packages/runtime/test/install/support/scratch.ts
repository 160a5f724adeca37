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

/** A folder that is removed after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "attend-install-"));
  folders.push(folder);
  return folder;
}

/** The installed tfjs-node, which these tests need, with or without its addon. */
export const installed = findTfjsNode();

/** Whether the native engine is set up in this checkout. */
export const hasAddon =
  installed !== undefined && existsSync(path.join(installed.folder, installed.addon));

/** A copy of tfjs-node after a fresh install: without addon and libraries. */
export function freshTfjsNode(): TfjsNode {
  if (installed === undefined) throw new Error("@tensorflow/tfjs-node is not installed");
  const folder = path.join(scratchFolder(), "node_modules", "@tensorflow", "tfjs-node");
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "binding.gyp", "binding", "scripts"]) {
    cpSync(path.join(installed.folder, name), path.join(folder, name), { recursive: true });
  }
  // Its dependencies resolve as for the original.
  symlinkSync(path.join(installed.folder, "..", ".."), path.join(folder, "node_modules"));
  return readTfjsNode(folder);
}

/** A separate cache for the test, and no network access for tfjs-node's installer. */
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
