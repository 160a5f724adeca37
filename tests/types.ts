import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, run } from "./run.ts";

const repository = join(import.meta.dirname, "..");

/** Type-checks files outside of the packages, with the repository's settings. */
export function checkTypes(
  folder: string,
  which: { readonly include: readonly string[] } | { readonly files: readonly string[] },
): Promise<Outcome> {
  const compilerOptions = {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    rewriteRelativeImportExtensions: false,
    allowImportingTsExtensions: true,
  };
  const config = { extends: join(repository, "tsconfig.base.json"), compilerOptions, ...which };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  return run(join(repository, "node_modules/.bin/tsc"), ["-p", folder]);
}
