import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pnpmCommand, run } from "./run.ts";

// Each test starts pnpm, which a busy machine takes its time for.
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

/** What tells that paths are those of a folder: there, and only there, is a name like it. */
const meantLetter = (path = "letter.txt") => ({
  code: 1,
  stdout: "",
  stderr: expect.stringContaining(`did you mean ${path}?`),
});
const evaluate = ["language-model", "evaluate"];

test("a photo in the folder of the repository where the user stands", async () => {
  const outcome = await pnpm(join(repository, "examples/photos"), "caption", "cat.jpg");
  expect(outcome).toEqual({ code: 0, stdout: expect.stringMatching(/^[A-Z].+\.\n$/), stderr: "" });
});

test("a package's folder needs -w, and then is where the user stands", async () => {
  const app = join(repository, "apps/explain");
  expect(await pnpm(app, "-w", ...evaluate, "REDME.md")).toEqual(meantLetter("README.md"));
});

test("from elsewhere, the repository is named by --dir or -C, also by a link", async () => {
  const link = join(folder, "link");
  symlinkSync(repository, link);
  const outcomes = await Promise.all([
    pnpm(folder, "--dir", repository, ...evaluate, "leter.txt"),
    pnpm(folder, "-C", link, ...evaluate, "./leter.txt"),
  ]);
  expect(outcomes).toEqual([meantLetter(), meantLetter()]);
});

test("a script of another project that calls the program stays in its own folder", async () => {
  const program = join(repository, "scripts/start.mjs");
  const measure = `"${process.execPath}" --conditions=@attend/source "${program}" language-model evaluate leter.txt`;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { measure } }));
  mkdirSync(join(folder, "below"));
  expect(await pnpm(join(folder, "below"), "measure")).toEqual(meantLetter());
});
