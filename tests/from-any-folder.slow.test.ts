import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pnpmCommand, run } from "./run.ts";

// Each test starts pnpm, which is slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const repository = join(import.meta.dirname, "..");
const [command, ...before] = pnpmCommand();
const pnpm = (cwd: string, ...args: string[]) =>
  run(command, [...before, "--silent", ...args], { cwd });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "attend-folder-"));
  writeFileSync(join(folder, "letter.txt"), "A letter.\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Shows that paths are relative to a folder: only that folder has a file with a similar name. */
const suggests = (path = "letter.txt") => ({
  code: 1,
  stdout: "",
  stderr: expect.stringContaining(`did you mean ${path}?`),
});
const evaluate = ["language-model", "evaluate"];

test("captions a photo in a folder of the repository", async () => {
  const outcome = await pnpm(join(repository, "examples/photos"), "caption", "cat.jpg");
  expect(outcome).toEqual({ code: 0, stdout: expect.stringMatching(/^[A-Z].+\.\n$/), stderr: "" });
});

test("paths are relative to a package's folder with -w", async () => {
  const app = join(repository, "apps/explain");
  expect(await pnpm(app, "-w", ...evaluate, "REDME.md")).toEqual(suggests("README.md"));
});

test("works from outside of the repository with --dir or -C, also through a link", async () => {
  const link = join(folder, "link");
  symlinkSync(repository, link);
  const outcomes = await Promise.all([
    pnpm(folder, "--dir", repository, ...evaluate, "leter.txt"),
    pnpm(folder, "-C", link, ...evaluate, "./leter.txt"),
  ]);
  expect(outcomes).toEqual([suggests(), suggests()]);
});

test("a script of another project keeps its own folder", async () => {
  const program = join(repository, "scripts/start.mjs");
  const measure = `"${process.execPath}" --conditions=@attend/source "${program}" language-model evaluate leter.txt`;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { measure } }));
  mkdirSync(join(folder, "below"));
  expect(await pnpm(join(folder, "below"), "measure")).toEqual(suggests());
});
