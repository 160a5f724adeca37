// Bundles the built programs into bin/programs: `node scripts/bundle.mjs`. A program has hundreds of small files, and
// finding and opening them took as long as captioning a photo.
import { readdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);
const folder = join(root, "bin/programs");
const isOurs = (path) => !relative(root, path).includes("node_modules/");
const fromBundle = (path) => JSON.stringify(relative(folder, path));
/** Installed packages that are bundled, too; the others have binaries, find their own files, or are seldom needed. */
const bundled = /^(commander|zod)($|\/)/;

/** What a module finds by its own address (its package's files, other packages, workers) stays where it is. */
const keepAddresses = (path, code) => `
  import { createRequire as $requireAt } from "node:module";
  import { pathToFileURL as $toUrl } from "node:url";
  const $ownUrl = new URL(${fromBundle(path)}, import.meta.url).href;
  const $resolve = (name) => $toUrl($requireAt($ownUrl).resolve(name)).href;
  ${code.replace(/^#!.*/, "").replaceAll("import.meta.resolve", "$resolve").replaceAll("import.meta.url", "$ownUrl")}`;

const plugin = {
  name: "attend",
  setup({ onLoad, onResolve, resolve }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!isOurs(path)) return undefined;
      // Only what is used of a namespace is bundled, and little is used of zod.
      const code = (await readFile(path, "utf8")).replace(
        'import { z } from "zod"',
        'import * as z from "zod"',
      );
      return { contents: code.includes("import.meta.") ? keepAddresses(path, code) : code };
    });
    onResolve({ filter: /^[^./#]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === "found" || !isOurs(importer) || bundled.test(path)) return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: "found" });
      if (found.external || found.errors.length > 0 || isOurs(found.path)) return found;
      return { path: relative(folder, found.path), external: true };
    });
  },
};

const programs = ["apps", "faces"].flatMap((floor) =>
  readdirSync(join(root, floor)).map((name) => [name, join(root, floor, name, "dist/cli.js")]),
);
await rm(folder, { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(programs),
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
  plugins: [plugin],
});
