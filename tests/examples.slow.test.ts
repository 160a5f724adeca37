import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outsidePnpm, run } from "./run.ts";

const repository = join(import.meta.dirname, "..");
const photos = join(repository, "examples/photos");
const captions = `image,caption\n${[
  "astronaut",
  "cat",
  "coffee",
  "pagoda",
  "photographer",
  "rocket",
]
  .flatMap((name) => [`${name}.jpg,A ${name} is here.`, `${name}.jpg,There is a ${name}.`])
  .join("\n")}\n`;

/** Arguments and expected output of each example. */
const printed: Readonly<Record<string, { args?: readonly string[]; stdout: RegExp }>> = {
  "beam-search": { stdout: /^(?:[a-z]{4,9} -\d+\.\d\d\n){8}$/ },
  "caption-folder": { args: [photos, "alt.json"], stdout: /^alt\.json: 6 captions\n$/ },
  "fine-tune-captioner": {
    args: [photos, "captions.csv", "runs/mine"],
    stdout: /^METEOR 0\.\d+ on the held-out photos\n[A-Z].+\.\n$/,
  },
  "task-of-your-own": { stdout: /^{ correct: 4 }\n$/ },
  "train-lstm": {
    args: ["book.txt", "runs/book", "2"],
    stdout: /^\d+ { loss: .+ }\n.*\d\.\d\d nats per character\n.{100}\n$/s,
  },
  "translate-with-attention": { stdout: /^Ein Mann .+\.\n {2}or .+/ },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "attend-examples-"));
  writeFileSync(join(folder, "captions.csv"), captions);
  writeFileSync(
    join(folder, "book.txt"),
    "It was the best of times, it was the worst of times.\n".repeat(60),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = readdirSync(join(repository, "examples/programs")).flatMap(
  (file) => /^(.+)\.ts$/.exec(file)?.[1] ?? [],
);

test.each(names)("%s runs, in at most 40 lines", async (name) => {
  const text = readFileSync(join(repository, "examples/programs", `${name}.ts`), "utf8");
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
  const { args = [], stdout = /^$/ } = printed[name] ?? {};
  const start = ["--conditions=@attend/source", join(repository, "scripts/start.mjs"), "example"];
  const outcome = await run(process.execPath, [...start, name, ...args], {
    cwd: folder,
    env: outsidePnpm(),
  });
  expect(outcome).toEqual({ code: 0, stderr: "", stdout: expect.stringMatching(stdout) });
});

test("reports an unknown example", async () => {
  const outcome = await run(process.execPath, [
    join(repository, "scripts/start.mjs"),
    "example",
    "nothing",
  ]);
  expect(outcome).toMatchObject({ code: 2, stdout: "" });
  expect(outcome.stderr).toBe(`error: nothing is not an example; use one of ${names.join(", ")}\n`);
});
