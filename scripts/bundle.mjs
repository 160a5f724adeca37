// Bundles the built programs into bin/programs: `node scripts/bundle.mjs`.
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { bundleInto } from "./bundler.mjs";

const root = dirname(import.meta.dirname);
const folder = join(root, "bin/programs");

const programs = ["apps", "faces"].flatMap((floor) =>
  readdirSync(join(root, floor)).map((name) => [name, join(root, floor, name, "dist/cli.js")]),
);
await rm(folder, { recursive: true, force: true });
await build({ ...bundleInto(folder), entryPoints: Object.fromEntries(programs) });
