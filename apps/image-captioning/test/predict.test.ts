import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { CommanderError } from "commander";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { predictCommand } from "../src/commands/predict.ts";
import { loadCaptioner } from "../src/index.ts";
import { createFixture } from "./fixture.ts";
import { caption } from "./support/program.ts";

const { model, photos, broken } = await createFixture();
const [first = "", second = ""] = photos;

describe("the program", { timeout: 600_000 }, () => {
  let captions: string[];
  beforeAll(async () => {
    const captioner = await loadCaptioner({ model });
    captions = [];
    for (const photo of photos) captions.push((await captioner.caption(photo)).caption);
    captioner.close();
  });

  test("prints the caption of one photo and nothing else", async () => {
    expect(await caption([first, "--model", model])).toEqual({
      code: 0,
      stdout: `${captions[0]}\n`,
      stderr: "",
    });
  });

  test("prints one line for each photo, whatever its name", async () => {
    const folder = temporaryDirectory();
    await copyFile(first, join(folder, "two\nlines\tand \u001b[31mred.jpg"));
    await copyFile(broken, join(folder, "broken\nline.jpg"));
    const { stdout, stderr } = await caption([folder, "--model", model]);
    const name = "two\\u000alines\\u0009and \\u001b[31mred.jpg";
    expect(stdout).toBe(`${join(folder, name)}\t${captions[0]}\n`);
    expect(stderr).toContain(`error: ${join(folder, "broken\\u000aline.jpg")} is not a picture`);
  });

  test("names its own options, not the library's", async () => {
    const { code, stderr } = await caption([first, "--model", model, "--n-best", "8"]);
    expect(stderr).toBe(
      "error: --n-best is 8; it must be at most 3 with a beam of 3; widen it by --beam\n",
    );
    expect(code).toBe(1);
  });

  test("captions a folder, reports broken photos and exits with 1", async () => {
    const folder = temporaryDirectory();
    await mkdir(join(folder, "more"));
    const names = ["a.jpg", "b.JPEG", "more/a.jpg"];
    for (const [i, name] of names.entries()) {
      await copyFile(photos[i] ?? "", join(folder, name));
    }
    await copyFile(broken, join(folder, "aa.png"));
    await writeFile(join(folder, "notes.txt"), "not a photo");
    await writeFile(join(folder, "more", "film.mp4"), "");
    const heatmaps = join(folder, "heatmaps");
    const args = [folder, "absent.jpg", "--model", model, "--attention", heatmaps, "--batch", "2"];
    const { code, stdout, stderr } = await caption(args);
    const lines = names.map((name, i) => `${join(folder, name)}\t${captions[i]}`);
    expect(stdout.trimEnd().split("\n")).toEqual(lines);
    expect(stderr.split("\n").filter((line) => !line.startsWith("captioning: "))).toEqual([
      "2 files skipped: .mp4, .txt",
      expect.stringMatching(/^error: .*aa\.png is not a picture/),
      "error: absent.jpg does not exist; check the path",
      "2 of 5 photos could not be captioned",
      "",
    ]);
    expect(code).toBe(1);
    const maps = ["a-2.heatmap.png", "a.heatmap.png", "b.heatmap.png"];
    expect((await readdir(heatmaps)).sort()).toEqual(maps);
    const contents = await Promise.all(maps.map((map) => readFile(join(heatmaps, map))));
    for (const png of contents) expect((await sharp(png).metadata()).width).toBeGreaterThan(600);
    expect(contents[0]?.equals(contents[1] ?? Buffer.alloc(0))).toBe(false);
  });

  test("writes one JSON line per photo, also for errors", async () => {
    const { code, stdout } = await caption([
      second,
      broken,
      "--json",
      "--beam",
      "2",
      "--model",
      model,
    ]);
    const [good, bad] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(good).toEqual({
      image: second,
      caption: expect.any(String),
      logProbability: expect.any(Number),
      tokens: expect.any(Array),
      alternatives: [
        {
          caption: expect.any(String),
          logProbability: expect.any(Number),
          tokens: expect.any(Array),
        },
      ],
    });
    expect(bad).toEqual({ image: broken, error: expect.stringContaining("is not a picture") });
    expect(code).toBe(1);
  });

  test("captions a photo from stdin, with two alternatives", async () => {
    const stdin = await readFile(first);
    const args = ["-", "--n-best", "3", "--model", model];
    const { code, stdout, stderr } = await caption(args, { stdin });
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(captions[0]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("reports that stdin is not a photo", async () => {
    const { code, stdout, stderr } = await caption(["-", "--model", model], {
      stdin: Buffer.from([1, 2, 3]),
    });
    expect(stderr).toMatch(/^error: stdin is not a picture, .*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("reports a bad model in one line and exits with 1", async () => {
    const folder = temporaryDirectory();
    const { code, stdout, stderr } = await caption([first, "--model", folder]);
    expect(stderr).toMatch(
      /^error: .* contains no model, neither config\.json nor model\/config\.json; .*\n$/,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("prints its help without loading an engine", async () => {
    const help = await modulesOf(["--help"]);
    expect(help.stdout).toMatch(/^Usage: attend-caption .*<photos\.\.\.>/);
    for (const part of ["--attention", "train", "evaluate", "Examples:"]) {
      expect(help.stdout).toContain(part);
    }
    // commander and zod are in the bundle of the program.
    expect(help.modules).toContainEqual(expect.stringContaining("/attend-programs/"));
    const slow = /@tensorflow|\/sharp\/|\/opentype/;
    expect(help.modules.filter((module) => slow.test(module))).toEqual([]);
    // The same check finds them when they are loaded.
    const run = await modulesOf([first, "--model", model]);
    expect(run.modules).toContainEqual(expect.stringMatching(slow));
  });
});

/** The modules that a run loads, from node's coverage. */
async function modulesOf(args: string[]): Promise<{ stdout: string; modules: string[] }> {
  const folder = temporaryDirectory();
  const { stdout } = await caption(args, { env: { NODE_V8_COVERAGE: folder } });
  const modules: string[] = [];
  for (const file of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, file), "utf8"));
    modules.push(...result.map(({ url }: { url: string }) => url));
  }
  return { stdout, modules };
}

describe("wrong usage", () => {
  test.each([
    [[], "missing required argument 'photos'"],
    [["a.jpg", "--beam", "0"], "Expected a whole number from 1 to 100."],
    [["a.jpg", "--beam", "3", "--sample"], "cannot be used with option '--sample'"],
    [["a.jpg", "--beam", "3", "--top-k", "5"], "cannot be used with option '--sample'"],
    [["a.jpg", "--top-p", "1.5"], "to 1."],
    [["a.jpg", "--engine", "gpu"], "native, wasm"],
    [["a.jpg", "--attention", ""], "Expected a path."],
    [["a.jpg", "--model", ""], "Expected a path."],
    [["a.jpg", "--max-pixels", "300"], "Did you mean 300M?"],
    [
      ["a.jpg", "--max-pixels", "many"],
      "Expected at least 1000 pixels, such as 250M or 250000000.",
    ],
    [["a.jpg", "--timeout", "0"], "Expected a number from 0.1"],
    [["a.jpg", "--atention", "x"], "Did you mean --attention?"],
  ])("reports %j", async (args, message) => {
    const lines: string[] = [];
    const command = predictCommand()
      .exitOverride()
      .configureOutput({ writeErr: (line) => void lines.push(line) });
    await expect(command.parseAsync(args, { from: "user" })).rejects.toThrow(CommanderError);
    expect(lines.join("")).toContain(message);
  });
});
