import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A workspace package. */
export interface Package {
  /** Path below the root, with `/`: `packages/nn`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Whether it is unpublished. */
  readonly isPrivate: boolean;
  /** The source file of each export, such as `./errors`; undefined if it has none. */
  readonly exports: ReadonlyMap<string, string | undefined>;
  /** Regular, peer and optional dependencies. */
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

export function readPackages(root: string): Package[] {
  const folders = ["packages", "apps", "faces", "models"].flatMap((parent) => {
    const path = join(root, parent);
    return existsSync(path) ? readdirSync(path).map((name) => `${parent}/${name}`) : [];
  });
  return [...folders, "benchmarks", "examples/programs"]
    .filter((path) => existsSync(join(root, path, "package.json")))
    .map((path) => readPackage(root, path));
}

/** `@attend/nn` for `@attend/nn/float16`. */
export function packageNameOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly exports?: Record<string, string | Record<string, string>>;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

function readPackage(root: string, path: string): Package {
  const folder = join(root, path);
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { dependencies, peerDependencies, optionalDependencies } = manifest;
  const exports = Object.entries(manifest.exports ?? {}).map(([subpath, target]) => {
    const source = typeof target === "string" ? undefined : target["@attend/source"];
    return [subpath, source && join(folder, source)] as const;
  });
  return {
    path,
    name: manifest.name ?? basename(path),
    version: manifest.version ?? "0.0.0",
    isPrivate: manifest.private === true,
    exports: new Map(exports),
    dependencies: Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
  };
}
