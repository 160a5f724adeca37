import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The installed `@tensorflow/tfjs-node`, with or without its native addon. */
export interface TfjsNode {
  readonly folder: string;
  readonly version: string;
  /** The Node-API version that its addon is built for. */
  readonly napi: number;
  /** The path of its addon, relative to `folder`. */
  readonly addon: string;
}

/**
 * Finds the package as this one would import it; undefined if this optional dependency is not
 * installed.
 */
export function findTfjsNode(): TfjsNode | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve("@tensorflow/tfjs-node/package.json");
    return readTfjsNode(path.dirname(manifest));
  } catch {
    return undefined;
  }
}

export function readTfjsNode(folder: string): TfjsNode {
  const manifest: { version: string; binary: { napi_versions: number[] } } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  );
  const supported = Number(process.versions["napi"]);
  const napi = Math.max(...manifest.binary.napi_versions.filter((n) => n <= supported));
  const addon = path.join("lib", `napi-v${napi}`, "tfjs_binding.node");
  return { folder, version: manifest.version, napi, addon };
}
