import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourceFiles } from "./house.ts";
import { findPages } from "./readme/blocks.ts";
import { run } from "./run.ts";

const repository = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(repository, path), "utf8");
const packages = ["packages", "apps", "faces", "models"]
  .flatMap((parent) => readdirSync(join(repository, parent)).map((name) => `${parent}/${name}`))
  .filter((path) => existsSync(join(repository, path, "package.json")));

test("no source file is longer than 300 lines", () => {
  const files = packages.flatMap((path) => sourceFiles(join(repository, path, "src")));
  const long = files
    .map((file) => `${file}: ${readFileSync(file, "utf8").trimEnd().split("\n").length} lines`)
    .filter((line) => Number(line.match(/(\d+) lines$/)?.[1]) > 300);
  expect(files.length).toBeGreaterThan(10);
  expect(long).toEqual([]);
});

test("no registry host is fixed, so that users can choose it", () => {
  // The address of an archive, or a registry setting.
  const host = /tarball:|https?:\/\/|^\s*(?:@[\w-]+:)?registry\s*=/m;
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc"]) {
    if (!existsSync(join(repository, file))) continue;
    expect(read(file).match(host)?.[0], file).toBeUndefined();
  }
  expect("@a:registry=https://example.org").toMatch(host);
  expect("resolution: {tarball: https://example.org/a.tgz}").toMatch(host);
});

test("tsconfig.json lists every TypeScript package and its tests", () => {
  const { references }: { references: { path: string }[] } = JSON.parse(read("tsconfig.json"));
  const projects = packages
    .flatMap((path) => [path, `${path}/page`, `${path}/test`])
    .filter((path) => existsSync(join(repository, path, "tsconfig.json")));
  expect(references.map(({ path }) => path).sort()).toEqual([...projects, "tests"].sort());
});

test("every package states its license, Node version and tasks", () => {
  for (const path of packages) {
    const manifest = JSON.parse(read(`${path}/package.json`));
    expect(manifest.license, path).toBe("MIT");
    if (!path.startsWith("packages/")) continue;
    expect(manifest.engines, path).toEqual({ node: ">=20" });
    expect(Object.keys(manifest.scripts), path).toContain("test");
  }
});

test("every app's program is in bin/, and reports if it is not built", async () => {
  const copy = mkdtempSync(join(tmpdir(), "attend-bin-"));
  const built = join(repository, "bin/programs");
  cpSync(join(repository, "bin"), join(copy, "bin"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path !== built,
  });
  const apps = packages.filter((path) => /^(apps|faces)\//.test(path));
  const programs = apps.flatMap((path) => {
    const { publishConfig } = JSON.parse(read(`${path}/package.json`));
    return Object.keys(publishConfig.bin);
  });
  expect(programs.length).toBe(apps.length);
  expect(readdirSync(join(copy, "bin")).sort()).toEqual(programs.sort());
  for (const program of programs) {
    expect(program).toMatch(/^attend-/);
    expect(await run(join(copy, "bin", program), [])).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: Attend is not built; run \`npx -y pnpm@10 build\` in ${copy}\n`,
    });
  }
  rmSync(copy, { recursive: true });
});

test("the scripts that pages mention exist", () => {
  const scripts = (path: string) => Object.keys(JSON.parse(read(path)).scripts);
  const named = (pattern: RegExp) =>
    findPages(repository).flatMap((page) =>
      [...read(page).matchAll(pattern)].map(([, name]) => name),
    );
  const benchmarkScripts = named(/pnpm --filter @attend\/benchmarks ([\w-]+)/g);
  expect(benchmarkScripts.length).toBeGreaterThan(5);
  expect(scripts("benchmarks/package.json")).toEqual(expect.arrayContaining(benchmarkScripts));
  const rootScripts = named(/pnpm run ([\w:-]+)/g);
  expect(scripts("package.json")).toEqual(expect.arrayContaining(rootScripts));
});

test("docs mention only existing files", () => {
  const pages = ["docs/papers.md", "docs/architecture.md", "AGENTS.md", "CONTRIBUTING.md"];
  const named = pages.flatMap((page) =>
    [
      ...read(page).matchAll(/`((?:apps|faces|packages|benchmarks|models|tests|docs)\/[\w./-]+)`/g),
    ].map(([, path = ""]) => path),
  );
  expect(named.length).toBeGreaterThan(80);
  // `pnpm run docs` generates the reference, which may be there.
  const missing = named.filter((path) => !existsSync(join(repository, path)));
  expect(missing.filter((path) => path !== "docs/reference/html")).toEqual([]);
});
