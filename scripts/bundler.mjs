// How programs are bundled: what the compiler wrote by `bundle.mjs`, sources by `from-sources.mjs`. A program has
// hundreds of small files, and finding and opening them takes as long as captioning a photo.
import { readFile } from "node:fs/promises";
import { dirname, relative } from "node:path";

const root = dirname(import.meta.dirname);
const isOurs = (path) => !relative(root, path).includes("node_modules/");
/** Installed packages that are bundled, too; the others have binaries, find their own files, or are seldom needed. */
const bundled = /^(commander|zod)($|\/)/;

/** esbuild's options for programs of this repository that are written to `folder`, with parts that several share. */
export const bundleInto = (folder) => ({
  outdir: folder,
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  chunkNames: "[hash]",
  // For packages that are not ES modules.
  banner: {
    js: `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`,
  },
  minifySyntax: true,
  logLevel: "warning",
  plugins: [{ name: "attend", setup: (build) => setup(build, folder) }],
});

function setup({ onLoad, onResolve, resolve }, folder) {
  onLoad({ filter: /\.[jt]s$/ }, async ({ path }) => {
    if (!isOurs(path)) return undefined;
    // Only what is used of a namespace is bundled, and little is used of zod.
    const code = (await readFile(path, "utf8")).replace(
      'import { z } from "zod"',
      'import * as z from "zod"',
    );
    const contents = code.includes("import.meta.")
      ? keepAddresses(relative(folder, path), code)
      : code;
    return { contents, loader: path.endsWith(".ts") ? "ts" : "js" };
  });
  onResolve({ filter: /^[^./#]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
    if (pluginData === "found" || !isOurs(importer) || bundled.test(path)) return undefined;
    const found = await resolve(path, { kind, importer, resolveDir, pluginData: "found" });
    if (found.external || found.errors.length > 0 || isOurs(found.path)) return found;
    return { path: relative(folder, found.path), external: true };
  });
}

/** What a module finds by its own address (its package's files, other packages, workers) stays where it is. */
const keepAddresses = (path, code) =>
  // In the first line, so that the others keep their numbers.
  [
    `import { createRequire as $requireAt } from "node:module";`,
    `import { pathToFileURL as $toUrl } from "node:url";`,
    `const $ownUrl = new URL(${JSON.stringify(path)}, import.meta.url).href;`,
    "const $resolve = (name) => $toUrl($requireAt($ownUrl).resolve(name)).href;",
    code
      .replace(/^#!.*/, "")
      .replaceAll("import.meta.resolve", "$resolve")
      .replaceAll("import.meta.url", "$ownUrl"),
  ].join(" ");
