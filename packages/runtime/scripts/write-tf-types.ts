/**
 * Writes the published types of tfjs-core into dist/tfjs-core, as part of the build. The original
 * types need the DOM, and do not compile with a version of TypeScript whose DOM types include
 * WebGPU (docs/decisions/0011-published-types.md). Here, browser-only types are types without
 * values.
 */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/** Names that tfjs-core's types use from elsewhere. */
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

/** Writes a declaration file and those that it imports. */
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
// They import one another without a file extension, which ES modules do not allow.
writeFileSync(join(to, "package.json"), '{ "type": "commonjs" }\n');
