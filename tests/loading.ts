import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { importsOf } from "./imports.ts";
import { type Package, packageNameOf } from "./packages.ts";

/** Whether importing a package's module loads TensorFlow.js, directly or through what it imports. */
export function loadsTensorFlow(specifier: string, byName: ReadonlyMap<string, Package>): boolean {
  // `#tf` is the runtime's: its package.json says where it is.
  const isWanted = (module: string) => module === "#tf" || module.startsWith("@tensorflow/");
  return loads(specifier, isWanted, byName);
}

/** Whether importing a package's module loads the package `wanted`, directly or through what it imports. */
export function loadsPackage(
  specifier: string,
  wanted: string,
  byName: ReadonlyMap<string, Package>,
): boolean {
  return loads(specifier, (module) => packageNameOf(module) === wanted, byName);
}

function loads(
  specifier: string,
  isWanted: (module: string) => boolean,
  byName: ReadonlyMap<string, Package>,
): boolean {
  const seen = new Set<string>();
  const moduleLoads = (module: string): boolean => {
    if (isWanted(module)) return true;
    const name = packageNameOf(module);
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
