import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPackages } from "./packages.ts";
import { readBlocks } from "./readme/blocks.ts";
import { run } from "./run.ts";
import { checkTypes } from "./types.ts";

const repository = join(import.meta.dirname, "..");
const recipes = readdirSync(join(repository, "docs/recipes")).filter(
  (name) => name !== "README.md",
);
const bin = (name: string) => join(repository, "node_modules/.bin", name);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "attend-recipe-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test.each(recipes)("%s works when followed to the letter", async (recipe) => {
  const page = join(repository, "docs/recipes", recipe);
  const files = readBlocks(page, "ts", "json").map(({ code }) => fileOf(code));
  const diffs = readBlocks(page, "diff").map(({ code }) => code);
  const changed = diffs.flatMap((diff) =>
    [...diff.matchAll(/^\+{3} b\/(.+)$/gm)].map(([, path]) => path ?? ""),
  );
  const paths = [...files.map(({ path }) => path), ...changed];
  layOutWorkspace(new Set(paths.map((path) => path.split("/", 2).join("/"))));
  for (const { path, code } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), code);
  }
  for (const diff of diffs) {
    const patch = join(root, "step.patch");
    writeFileSync(patch, diff);
    const applied = await run("git", ["apply", "--recount", patch], {
      cwd: root,
    });
    expect(applied).toMatchObject({ code: 0 });
  }
  const types = await checkTypes(root, { files: paths.filter((path) => path.endsWith(".ts")) });
  expect(types).toEqual({ code: 0, stdout: "", stderr: "" });
  const tests = paths.filter((path) => path.endsWith(".test.ts"));
  expect(tests.length).toBeGreaterThan(0);
  for (const path of tests) {
    const folder = join(root, path.split("/", 2).join("/"));
    const outcome = await run(bin("vitest"), ["run", join(root, path)], { cwd: folder });
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
  }
});

/** A block's first line contains the path of its file. */
function fileOf(code: string): { path: string; code: string } {
  const [, path, rest = ""] = /^\/\/ (\S+)\n(.*)$/s.exec(code) ?? [];
  if (path === undefined)
    throw new Error(`the first line of a block must contain its path:\n${code}`);
  return { path, code: rest };
}

/** Recreates the repository with copies of the packages that a recipe changes, and links to the others. */
function layOutWorkspace(changed: ReadonlySet<string>): void {
  for (const name of ["vitest.shared.ts", "tsconfig.base.json", "tsconfig.test.json"]) {
    cpSync(join(repository, name), join(root, name));
  }
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  for (const { path } of readPackages(repository)) {
    const [from, to] = [join(repository, path), join(root, path)];
    mkdirSync(dirname(to), { recursive: true });
    if (!changed.has(path)) {
      symlinkSync(from, to);
      continue;
    }
    const filter = (file: string) => !/\/(?:node_modules|dist|\.vitest)$/.test(file);
    cpSync(from, to, { recursive: true, filter });
    symlinkSync(join(from, "node_modules"), join(to, "node_modules"));
  }
  for (const path of changed) if (!existsSync(join(root, path))) linkEverything(join(root, path));
}

/** Links everything that `pnpm install` could link into a new package. */
function linkEverything(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@attend"), { recursive: true });
  for (const { path, name } of readPackages(repository)) {
    symlinkSync(join(root, path), join(modules, name));
    const source = join(repository, path, "node_modules");
    for (const each of existsSync(source) ? readdirSync(source) : []) {
      const link = join(modules, each);
      if (!/^[.@]/.test(each) && !existsSync(link)) symlinkSync(join(source, each), link);
    }
  }
}
