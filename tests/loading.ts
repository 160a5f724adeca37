import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { importsOf } from "./imports.ts";
import { type Package, packageNameOf } from "./packages.ts";

/** Whether importing a package's module loads TensorFlow.js, directly or through what it imports. */
export function loadsTensorFlow(specifier: string, byName: ReadonlyMap<string, Package>): boolean {
  // The runtime's package.json maps `#tf`.
  const isWanted = (module: string) => module === "#tf" || module.startsWith("@tensorflow/");
  return loads(specifier, isWanted, byName);
}

/**
 * Whether running a file loads the package `wanted`, directly or through what it imports.
 *
 * @param options.late also follows `import()`
 */
export function fileLoadsPackage(
  file: string,
  wanted: string,
  byName: ReadonlyMap<string, Package>,
  options: { late: boolean },
): boolean {
  const isWanted = (module: string) => packageNameOf(module) === wanted;
  return loads(file, isWanted, byName, options);
}

/** @param from a package's module, or the path of a file */
function loads(
  from: string,
  isWanted: (module: string) => boolean,
  byName: ReadonlyMap<string, Package>,
  { late = false } = {},
): boolean {
  const visited = new Set<string>();
  const moduleLoads = (module: string): boolean => {
    if (isWanted(module)) return true;
    const name = packageNameOf(module);
    const file = byName.get(name)?.exports.get(`.${module.slice(name.length)}`);
    return file !== undefined && fileLoads(file);
  };
  const fileLoads = (file: string): boolean => {
    if (visited.has(file) || !existsSync(file)) return false;
    visited.add(file);
    return importsOf(readFileSync(file, "utf8"))
      .filter(({ atLoad, isType }) => atLoad || (late && !isType))
      .some(({ specifier: imported }) =>
        imported.startsWith(".")
          ? fileLoads(resolve(dirname(file), imported))
          : moduleLoads(imported),
      );
  };
  return isAbsolute(from) ? fileLoads(from) : moduleLoads(from);
}
