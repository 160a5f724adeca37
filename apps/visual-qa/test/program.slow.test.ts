import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type ProgramOptions, runProgram, temporaryDirectory } from "@attend/test-kit";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { coloredPictures } from "./fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "attend-vqa-"));
const photo = join(folder, "0.png");
const questions = join(folder, "questions.tsv");
const model = join(folder, "run/model");
const config = {
  model: { encoder: { kind: "small-cnn" }, imageSize: 32, fusion: { kind: "stacked" } },
  ...{ encoder: "end-to-end", minCount: 1, batchSize: 12 },
  training: { epochs: 1, optimizer: { name: "adam", learningRate: 0.003 } },
};

function ask(args: readonly string[], options?: ProgramOptions) {
  return runProgram(join(import.meta.dirname, "../src/cli.ts"), args, options);
}

interface Row {
  readonly answer?: string;
  readonly expected?: readonly string[];
}

function rowsOf(jsonLines: string): Row[] {
  return jsonLines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("the program", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    const rows = await coloredPictures(folder, 12);
    const lines = rows.map(({ file, question, answers }) =>
      [basename(file), question, answers[0]].join("\t"),
    );
    await writeFile(questions, `image\tquestion\tanswer\n${lines.join("\n")}\n`);
    await writeFile(join(folder, "config.json"), JSON.stringify(config));
    const sets = ["--images", folder, "--questions", questions];
    const run = ["--config", join(folder, "config.json"), "--out", join(folder, "run")];
    const { code, stdout, stderr } = await ask(["train", ...sets, ...run, "--quiet"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    // A twentieth of 12 photos is one.
    expect(stdout).toContain(`${model} on 3 validation questions:\naccuracy`);
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("answers a question on a file and on stdin alike, and draws where it looked", async () => {
    const regions = join(folder, "why");
    const flags = ["Is the square red?", "--model", model, "--json", "--n-best", "2"];
    const { code, stdout } = await ask([photo, ...flags, "--attention", regions]);
    const drawn = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(drawn).toMatchObject({
      ...{ image: photo, question: "Is the square red?", probability: expect.any(Number) },
      regions: join(regions, "0.regions.png"),
    });
    expect(drawn.alternatives).toHaveLength(2);
    expect(await readdir(regions)).toEqual(["0.regions.png"]);
    const piped = await ask(["-", ...flags], { stdin: await readFile(photo) });
    expect(JSON.parse(piped.stdout)).toEqual({ ...drawn, image: "-", regions: undefined });
  });

  test("answers the questions on stdin until /quit", async () => {
    const stdin = "Is it red?\n/why\n/photo absent.png\nIs it red?\n/quit\nIs it blue?\n";
    const { code, stdout, stderr } = await ask([photo, "--model", model, "--n-best", "1"], {
      stdin,
    });
    expect(stdout).toMatch(/^.* \(\d\.\d\d\)\nor .*\n(top|bottom|left|right|center)[ a-z]*\n$/);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "error: absent.png does not exist; check the path\n",
    });
  });

  test("gives a line for each question of a file, in order", async () => {
    const input = join(folder, "input.tsv");
    await writeFile(
      input,
      "image\tfrage\n1.png\tWhat?\nabsent.png\tWhat?\n0.png\t\n0.png\tWarum?\n",
    );
    const flags = ["--images", folder, "--input", input, "--model", model, "--json"];
    const unnamed = await ask(flags);
    expect(unnamed).toMatchObject({ code: 1, stdout: "" });
    expect(unnamed.stderr).toMatch(/^error: .* or choose by --question-column\n$/);
    flags.push("--question-column", "frage");
    const { code, stdout, stderr } = await ask(flags);
    expect(rowsOf(stdout)).toMatchObject([
      { image: "1.png", question: "What?", answer: expect.any(String) },
      {
        ...{ image: "absent.png", question: "What?" },
        error: `${join(folder, "absent.png")} does not exist; check the path`,
      },
      {
        ...{ image: "0.png", question: "" },
        error: `${input} line 4: the question is empty; write it or remove the row`,
      },
      {
        ...{ image: "0.png", question: "Warum?", answer: expect.any(String), confident: false },
        warning: expect.stringMatching(/^the model knows 0 of the question's 1 words; /),
      },
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("2 of 4 questions could not be answered");
  });

  test("reports a single question that fails, as JSON if so requested", async () => {
    const args = ["absent.png", "What?", "--model", model];
    const error = "absent.png does not exist; check the path";
    const failed = { code: 1, stderr: `error: ${error}\n` };
    expect(await ask(args)).toMatchObject({ ...failed, stdout: "" });
    const { stdout, ...rest } = await ask([...args, "--json"]);
    expect(rest).toMatchObject(failed);
    expect(JSON.parse(stdout)).toEqual({ image: "absent.png", question: "What?", error });
  });

  test("scores the questions whose photos can be read", async () => {
    const images = temporaryDirectory();
    await coloredPictures(images, 12);
    await writeFile(join(images, "3.png"), "no picture");
    const sets = ["--images", images, "--questions", questions, "--json"];
    const { code, stdout, stderr } = await ask(["evaluate", "--model", model, ...sets]);
    expect(JSON.parse(stdout)).toMatchObject({ questions: 33 });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^warning: 1 of 12 photos cannot be read; the first: .*3\.png is not a picture/m,
    );
  });

  test("scores a model, and writes its answers", async () => {
    const predictions = join(folder, "answers.jsonl");
    const sets = ["--images", folder, "--questions", questions, "--predictions", predictions];
    const boxes = join(folder, "boxes.tsv");
    await writeFile(boxes, "image\tclass\tx1\ty1\tx2\ty2\n0.png\tdog\t0\t0\t1\t1\n");
    const flags = [...sets, "--boxes", boxes, "--json"];
    const { code, stdout, stderr } = await ask(["evaluate", "--model", model, ...flags]);
    expect(code).toBe(0);
    expect(stderr).toContain(`or no question is about an object of ${boxes}`);
    const answers = rowsOf(await readFile(predictions, "utf8"));
    expect(answers).toHaveLength(36);
    const right = answers.filter(({ answer, expected }) => answer === expected?.[0]);
    expect(JSON.parse(stdout)).toMatchObject({ questions: 36, accuracy: right.length / 36 });
  });

  test("draws a page of examples, and prints them as a table", async () => {
    const page = join(folder, "page.webp");
    const sets = ["--images", folder, "--questions", questions];
    const { code, stdout } = await ask(["page", "--model", model, ...sets, "--out", page]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(2 + 36);
    for (const line of lines.slice(2)) {
      expect(line).toMatch(/^\| \d+\.png \| .*\? \| .*\(\d\.\d\d\) \| (right|wrong: \w+) \|$/);
    }
    expect(await sharp(page).metadata()).toMatchObject({ format: "webp", width: 1352 });
    const other = await ask(["page", "--model", model, ...sets, "--out", join(folder, "page.gif")]);
    expect(other.stderr).toContain("name a file with the extension .webp, .png, .jpg");
  });

  test("makes questions from captions", async () => {
    const [captions, out] = [join(folder, "captions.csv"), join(folder, "made.tsv")];
    const rows = ["a.jpg,A man rides a horse", "b.jpg,A dog on a bed", "c.jpg,Two cats on a bed"];
    await writeFile(captions, `image,caption\n${rows.join("\n")}\n`);
    await writeFile(join(folder, "split.txt"), "a.jpg\nb.jpg\n");
    const flags = ["questions", "--captions", captions, "--split", join(folder, "split.txt")];
    const { code, stdout } = await ask([...flags, "--out", out, "--sample", "2", "--json"]);
    const made = (await readFile(out, "utf8")).trimEnd().split("\n");
    expect(made[0]).toBe("image\tquestion\tanswer\tsource");
    expect(made).toContain("a.jpg\tWhat is the man riding?\thorse\tcaptions-object");
    expect(made).toContain("b.jpg\tWhat animal is on the bed?\tdog\tcaptions-object");
    const { sample, ...statistics } = JSON.parse(stdout);
    expect(statistics).toMatchObject({ rows: made.length - 1, images: 2 });
    expect(statistics.answerTypes["yes/no"] % 2).toBe(0);
    expect(sample).toHaveLength(2);
    expect(sample[0]).toHaveProperty("caption");
    expect(code).toBe(0);
    const table = await ask([...flags, "--out", out, "--sample", "1"]);
    expect(table.stdout).toMatch(/^questions +distinct +photos +answers\n/);
    expect(table.stdout).toMatch(/captions-[a-z-]+: .*\? .* \(.*\)\n$/);
  });

  test("averages models", async () => {
    const out = join(folder, "mean");
    const averaged = await ask(["average", model, model, "--out", out]);
    expect(averaged).toMatchObject({ code: 0, stdout: `${out}: the mean of 2 models\n` });
    const args = [photo, "Is it red?", "--json", "--model"];
    expect((await ask([...args, out])).stdout).toBe((await ask([...args, model])).stdout);
  });

  test.each([
    [[], "give either a photo or --input"],
    [[photo, "--input", questions], "give either a photo or --input"],
    [[photo, "red?", "--images", folder], "--images is for --input"],
    [["-"], "the photo is on stdin, so the question must be an argument"],
  ])("%j is wrong usage", async (args, message) => {
    const { code, stdout, stderr } = await ask(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`error: ${message}`);
  });

  test("each set needs its questions", async () => {
    const sets = ["--images", folder, "--images", folder, "--questions", questions];
    const { code, stderr } = await ask(["evaluate", "--model", model, ...sets]);
    expect(code).toBe(1);
    expect(stderr).toContain("2 --images, 1 --questions, 0 --annotations and 0 --split were given");
  });
});
