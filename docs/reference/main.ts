/**
 * Generates the reference of every published package's exports from their docstrings in html/. With
 * `--check`, only reports missing docstrings and broken links. Both are errors.
 */
import { join } from "node:path";
import { Application, DeclarationReflection, ReflectionKind, ReflectionType } from "typedoc";
import { readPackages } from "../../tests/packages.ts";

const packages = readPackages(join(import.meta.dirname, "../..")).filter((each) => !each.isPrivate);
/** Names of modules, such as `@attend/nn/float16`, by their source files. */
const modules = new Map(
  packages.flatMap(({ name, exports }) =>
    [...exports].flatMap(([subpath, file]) => (file ? [[file, name + subpath.slice(1)]] : [])),
  ),
);

const app = await Application.bootstrap({
  name: "Attend",
  entryPoints: [...modules.keys()],
  tsconfig: join(import.meta.dirname, "tsconfig.json"),
  readme: join(import.meta.dirname, "introduction.md"),
  // tsc checks them.
  skipErrorChecking: true,
  excludeExternals: true,
  excludePrivate: true,
  excludeProtected: true,
  packagesRequiringDocumentation: packages.map(({ name }) => name),
  requiredToBeDocumented: [
    "Accessor",
    "Class",
    "Function",
    "Interface",
    "Method",
    "TypeAlias",
    "Variable",
  ],
  validation: { notDocumented: true, invalidLink: true },
});
// The config only lists this file, but its options apply to all packages.
const { options, logger } = app;
options.setCompilerOptions([...modules.keys()], options.getCompilerOptions(logger), undefined);

const entryPoints = app.getEntryPoints() ?? [];
const project = app.converter.convert(
  entryPoints.map((entry) => ({
    ...entry,
    displayName: modules.get(entry.sourceFile.fileName) ?? entry.displayName,
  })),
);
// An object's docstring also covers its functions.
const functions = project
  .getReflectionsByKind(ReflectionKind.Property)
  .filter(({ parent }) => parent?.parent?.kindOf(ReflectionKind.Variable))
  .filter((property) => property instanceof DeclarationReflection && isFunction(property));
options.setValue(
  "intentionallyNotDocumented",
  functions.map((property) => property.getFriendlyFullName()),
);
app.validate(project);
if (!process.argv.includes("--check")) {
  await app.generateDocs(project, join(import.meta.dirname, "html"));
}
if (logger.hasErrors() || logger.hasWarnings()) process.exitCode = 1;

function isFunction({ type }: DeclarationReflection): boolean {
  return type instanceof ReflectionType && type.declaration.signatures !== undefined;
}
