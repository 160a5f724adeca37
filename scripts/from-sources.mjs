import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = dirname(import.meta.dirname);
const installed = join(root, "node_modules");

/** Runs a TypeScript program in this process, with `args`, as Node would run JavaScript. */
export async function runFromSources(program, args) {
  process.argv.splice(1, Number.POSITIVE_INFINITY, program, ...args);
  process.setSourceMapsEnabled(true);
  // esbuild names files by where they really are.
  await import(pathToFileURL(await bundleOf(realpathSync(program))).href);
}

/** A bundle of a program and all that it imports of ours, kept until one of these files changes. */
async function bundleOf(program) {
  const name = createHash("sha1").update(program).digest("hex");
  const folder = join(installed, ".cache/attend-programs", name);
  // Names the bundle's first file, and says how its sources were.
  const origin = join(folder, "origin.json");
  const kept = readJson(origin);
  if (kept && Object.entries(kept.sources).every(([file, state]) => stateOf(file) === state)) {
    return join(folder, kept.start);
  }
  const { outputFiles, metafile } = await build(program, folder);
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) write(path, contents);
  removeOld(folder);
  // What is imported later is an entry point, too.
  const [start] = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint && join(root, entryPoint) === program,
  );
  // An installation may move packages.
  const sources = [join(installed, ".modules.yaml"), ...Object.keys(metafile.inputs)]
    .map((file) => resolve(root, file))
    .map((file) => [file, stateOf(file)]);
  write(origin, JSON.stringify({ start: basename(start), sources: Object.fromEntries(sources) }));
  return join(root, start);
}

async function build(program, folder) {
  const [esbuild, { bundleInto }] = await Promise.all([import("esbuild"), import("./bundler.mjs")]);
  const bundle = await esbuild.build({
    ...bundleInto(folder),
    entryPoints: [program],
    entryNames: "[hash]",
    outExtension: { ".js": ".mjs" },
    conditions: ["@attend/source"],
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    sourcemap: "linked",
    sourcesContent: false,
    absWorkingDir: root,
    metafile: true,
    write: false,
  });
  // Its process, which has 150 MB, would last as long as the program.
  await esbuild.stop();
  return bundle;
}

/** Removes parts of earlier bundles, except what a running program may still load. */
function removeOld(folder) {
  const weekAgo = Date.now() - 7 * 86_400_000;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (statSync(file).mtimeMs < weekAgo) rmSync(file, { force: true });
  }
}

/** When it was written, and how large it is. */
function stateOf(file) {
  const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** In one step, since other programs may read it. */
function write(file, content) {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, content);
  renameSync(part, file);
}
