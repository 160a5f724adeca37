import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { importsOf } from "./imports.ts";
import { type Package, packageNameOf } from "./packages.ts";

/** Whether importing a package's module loads TensorFlow.js, directly or through what it imports. */
export function loadsTensorFlow(specifier: string, byName: ReadonlyMap<string, Package>): boolean {
  const seen = new Set<string>();
  const moduleLoads = (module: string): boolean => {
    // Of the runtime: its package.json says where it is.
    if (module === "#tf") return true;
    const name = packageNameOf(module);
    if (name.startsWith("@tensorflow/")) return true;
    const file = byName.get(name)?.exports.get(`.${module.slice(name.length)}`);
    return file !== undefined && fileLoads(file);
  };
  const fileLoads = (file: string): boolean => {
    if (seen.has(file) || !existsSync(file)) return false;
    seen.add(file);
    return importsOf(readFileSync(file, "utf8"))
      .filter(({ atLoad }) => atLoad)
      .some(({ specifier: imported }) =>
        imported.startsWith(".")
          ? fileLoads(resolve(dirname(file), imported))
          : moduleLoads(imported),
      );
  };
  return moduleLoads(specifier);
}
