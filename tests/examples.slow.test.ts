import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run.ts";

const repository = join(import.meta.dirname, "..");
const photos = join(repository, "examples/photos");

/** What each example prints, in a folder of its own. */
const printed: Readonly<Record<string, { args?: readonly string[]; stdout: RegExp }>> = {
  "beam-search": { stdout: /^(?:[a-z]{4,9} -\d+\.\d\d\n){8}$/ },
  "caption-folder": { args: [photos, "alt.json"], stdout: /^alt\.json: 6 captions\n$/ },
  "translate-with-attention": { stdout: /^Ein Mann .+\.\n {2}or .+/ },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "attend-examples-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = readdirSync(join(repository, "examples")).flatMap(
  (file) => /^(.+)\.ts$/.exec(file)?.[1] ?? [],
);

test.each(names)("%s runs, in at most 40 lines", async (name) => {
  const text = readFileSync(join(repository, "examples", `${name}.ts`), "utf8");
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
  const { args = [], stdout = /^$/ } = printed[name] ?? {};
  const start = ["--conditions=@attend/source", join(repository, "scripts/start.mjs"), "example"];
  const outcome = await run(process.execPath, [...start, name, ...args], { cwd: folder });
  expect(outcome).toEqual({ code: 0, stderr: "", stdout: expect.stringMatching(stdout) });
});

test("one that is not there is told", async () => {
  const outcome = await run(process.execPath, [
    join(repository, "scripts/start.mjs"),
    "example",
    "nothing",
  ]);
  expect(outcome).toMatchObject({ code: 2, stdout: "" });
  expect(outcome.stderr).toBe(`error: nothing is not an example; there are ${names.join(", ")}\n`);
});
