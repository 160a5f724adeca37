/**
 * Writes the types of tfjs-core that are published with this package, into dist/tfjs-core; the build
 * runs it. Its own need the DOM, and do not compile where TypeScript's DOM knows WebGPU
 * (docs/decisions/0011-published-types.md). Here what only a browser has is a type without values.
 */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/** What tfjs-core's types take from elsewhere. */
const foreignNames = [
  "GPUBuffer",
  "HTMLCanvasElement",
  "HTMLImageElement",
  "HTMLSourceElement",
  "HTMLVideoElement",
  "IDBFactory",
  "ImageBitmap",
  "ImageData",
  "Long",
  "Navigator",
  "OffscreenCanvas",
  "Storage",
  "WebGLContextAttributes",
  "WebGLTexture",
];

const notice =
  "// Changed from tfjs-core's own by packages/runtime/scripts/write-tf-types.ts of Attend.";

const require = createRequire(import.meta.url);
const from = dirname(require.resolve("@tensorflow/tfjs-core"));
const to = join(import.meta.dirname, "../dist/tfjs-core");

/** Writes a file of declarations, and those that it imports. */
function write(file: string, written: Set<string>): void {
  if (written.has(file)) return;
  written.add(file);
  const folder = dirname(file);
  const pathTo = (module: string) => relative(folder, module).replace(/^(?!\.)/, "./");
  const types = readFileSync(join(from, file), "utf8")
    .replaceAll(/^(?:\/\/\/ <|import ['"]).*\n/gm, "")
    .replaceAll(/(?<=['"])@tensorflow\/tfjs-core\/dist\/([^'"]+)/g, (_, module) => pathTo(module));
  for (const [, module = ""] of types.matchAll(/(?<=from |import\()['"](\.[^'"]+)['"]/g)) {
    write(declarationsOf(join(folder, module)), written);
  }
  const needed = foreignNames.filter((name) => new RegExp(`\\b${name}\\b`).test(types));
  const imports = `import type { ${needed.join(", ")} } from "${pathTo("foreign")}";\n`;
  mkdirSync(join(to, folder), { recursive: true });
  writeFileSync(join(to, file), `${notice}\n${needed.length > 0 ? imports : ""}${types}`);
}

function declarationsOf(module: string): string {
  const candidates = [`${module}.d.ts`, join(module, "index.d.ts")];
  const found = candidates.find((file) => existsSync(join(from, file)));
  if (found === undefined) throw new Error(`no declarations of ${module} in ${from}`);
  return found;
}

rmSync(to, { recursive: true, force: true });
write("index.d.ts", new Set());
writeFileSync(
  join(to, "foreign.d.ts"),
  [
    "declare const nowhere: unique symbol;",
    "interface Nowhere { readonly [nowhere]: never }",
    ...foreignNames.map((name) => `export interface ${name} extends Nowhere {}`),
    "",
  ].join("\n"),
);
writeFileSync(join(to, "tf.d.ts"), 'export * as tf from "./index";\n');
// They name each other without an ending, which modules may not.
writeFileSync(join(to, "package.json"), '{ "type": "commonjs" }\n');
