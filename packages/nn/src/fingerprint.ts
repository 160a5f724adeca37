import { createHash } from "node:crypto";
import type { Module } from "./module.ts";

/** A short hash of a module's weights. */
export function fingerprint(module: Module): string {
  const hash = createHash("sha256");
  for (const [name, parameter] of module.namedParameters()) {
    hash.update(name);
    hash.update(new Uint8Array(Float32Array.from(parameter.dataSync()).buffer));
  }
  return hash.digest("hex").slice(0, 16);
}
