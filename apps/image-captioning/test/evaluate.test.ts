import { existsSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { evaluateCaptions } from "@attend/metrics";
import { AttendError } from "@attend/runtime/errors";
import { temporaryDirectory } from "@attend/test-kit";
import { tokenize } from "@attend/text";
import { CommanderError } from "commander";
import { beforeEach, describe, expect, test } from "vitest";
import { evaluateCommand } from "../src/commands/evaluate.ts";
import { loadCaptioner } from "../src/index.ts";
import { createFixture } from "./fixture.ts";
import { writePhotoSet } from "./support/photo-set.ts";
import { caption, captionByShell } from "./support/program.ts";

const { model, broken } = await createFixture();

let folder: string;
let set: Awaited<ReturnType<typeof writePhotoSet>>;
beforeEach(async () => {
  folder = temporaryDirectory();
  set = await writePhotoSet(folder, 5);
});

function flags(...more: string[]): string[] {
  return ["--images", set.images, "--captions", set.captions, "--model", model, ...more];
}

/** The program does not depend on the engine. */
const skipped = process.env["ATTEND_ENGINE"] === "wasm";

describe.skipIf(skipped)("caption evaluate", { timeout: 600_000 }, () => {
  test("prints a table, and predictions that give the same scores", async () => {
    const predictions = join(folder, "made/captions.jsonl");
    const split = join(folder, "dev.txt");
    await writeFile(split, "4.png\n0.png\n2.png\n");
    const args = flags("--predictions", predictions, "--split", split);
    const { code, stdout, stderr } = await caption(["evaluate", ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

    const lines = (await readFile(predictions, "utf8")).trimEnd().split("\n");
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ image }) => image)).toEqual(["0.png", "2.png", "4.png"]);
    expect(records[0].references).toEqual(["a dog sits on grass", "a dog, runs"]);
    const captioner = await loadCaptioner({ model });
    for (const { image, caption: sentence, tokens, logProbability } of records) {
      const result = await captioner.caption(join(set.images, image));
      expect({ sentence, tokens }).toEqual({ sentence: result.caption, tokens: result.tokens });
      expect(logProbability).toBeCloseTo(result.logProbability, 3);
    }
    captioner.close();

    const { bleu, rougeL, cider, ciderD, meteor } = evaluateCaptions(
      records.map(({ tokens }) => tokens),
      records.map(({ references }) => references.map(tokenize)),
    );
    const [count, header = "", values = "", ...rest] = stdout.split("\n");
    expect(count).toBe("3 photos");
    const names = header.trim().split(/ +/);
    const row = values.trim().split(/ +/);
    expect(Object.fromEntries(names.map((name, i) => [name, row[i]]))).toEqual({
      "BLEU-1": bleu[0].toFixed(3),
      "BLEU-2": bleu[1].toFixed(3),
      "BLEU-3": bleu[2].toFixed(3),
      "BLEU-4": bleu[3].toFixed(3),
      "ROUGE-L": rougeL.toFixed(3),
      "CIDEr-D": ciderD.toFixed(3),
      CIDEr: cider.toFixed(3),
      METEOR: meteor.toFixed(3),
    });
    expect(rest).toEqual([""]);
  });

  test("scores where the words look, in boxes of the objects that they name", async () => {
    const boxes = join(folder, "boxes.tsv");
    const predictions = join(folder, "captions.jsonl");
    const rows = set.names.flatMap((name) =>
      ["cat", "dog", "person", "sports_ball"].map((object) => `${name}\t${object}\t0\t0\t1\t1`),
    );
    await writeFile(boxes, `image\tclass\tx1\ty1\tx2\ty2\n${rows.join("\n")}\n`);
    const args = flags("--boxes", boxes, "--json", "--predictions", predictions);
    const { code, stdout, stderr } = await caption(["evaluate", ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const words = (await readFile(predictions, "utf8"))
      .trimEnd()
      .split("\n")
      .flatMap((line): string[] => JSON.parse(line).tokens)
      .filter((word) => ["cat", "dog", "man", "girl", "ball"].includes(word)).length;
    expect(words).toBeGreaterThan(0);
    expect(JSON.parse(stdout).pointing).toEqual({ words, score: 1, center: 1 });

    await writeFile(boxes, `image\tclass\tx1\ty1\tx2\ty2\n0.png\tzebra\t0\t0\t1\t1\n`);
    const without = await caption(["evaluate", ...flags("--boxes", boxes)]);
    expect(without.stdout).not.toContain("pointing");
    expect(without.stderr).toBe(`warning: no caption names an object of ${boxes}\n`);
  });

  test("accepts several sets and a beam width, and prints JSON", async () => {
    const other = await writePhotoSet(join(folder, "other"), 2);
    const predictions = join(folder, "captions.jsonl");
    const more = ["--images", other.images, "--captions", other.captions];
    const args = flags(...more, "--json", "--beam", "1", "--predictions", predictions);
    const { code, stdout, stderr } = await caption(["evaluate", ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const records = (await readFile(predictions, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const scores = evaluateCaptions(
      records.map(({ tokens }) => tokens),
      records.map(({ references }) => references.map(tokenize)),
    );
    expect(JSON.parse(stdout)).toEqual({ photos: 7, ...scores });
    const inFirst = set.names.map((name) => `set 1/${name}`);
    const inSecond = other.names.map((name) => `set 2/${name}`);
    expect(records.map(({ image }) => image)).toEqual([...inFirst, ...inSecond]);
  });

  test("skips and reports a broken photo, and exits with 1", async () => {
    await copyFile(broken, join(set.images, "3.png"));
    const predictions = join(folder, "captions.jsonl");
    const { code, stdout, stderr } = await caption([
      "evaluate",
      ...flags("--predictions", predictions, "--json"),
    ]);
    expect(stderr).toMatch(
      /^error: .*photos\/3\.png is not a picture, .*\n1 of 5 photos could not be read\n$/,
    );
    expect(code).toBe(1);
    const lines = (await readFile(predictions, "utf8")).trimEnd().split("\n");
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ image }) => image)).toEqual(["0.png", "1.png", "2.png", "4.png"]);
    const scores = evaluateCaptions(
      records.map(({ tokens }) => tokens),
      records.map(({ references }) => references.map(tokenize)),
    );
    expect(JSON.parse(stdout)).toEqual({ photos: 4, unreadable: 1, ...scores });
  });

  test("uses the val part, and test only if requested", async () => {
    const parts = ["train", "restval", "val", "val", "test"];
    const images = parts.map((split, i) => ({
      filename: `${i}.png`,
      split,
      sentences: [{ raw: "A dog runs." }],
    }));
    await writeFile(set.captions, JSON.stringify({ images }));
    const scored = async (...more: string[]) => {
      const { code, stdout, stderr } = await caption(["evaluate", ...flags("--json", ...more)]);
      return { code, photos: JSON.parse(stdout).photos, stderr };
    };
    expect(await scored()).toEqual({
      code: 0,
      photos: 2,
      stderr:
        "scored: part val; left out: train (1 captions), restval (1 captions), test (1 captions)\n",
    });
    expect(await scored("--part", "test", "--part", "train")).toEqual({
      code: 0,
      photos: 3,
      stderr: "scored: part train and restval and test; left out: val (2 captions)\n",
    });
  });

  test.skipIf(!existsSync("/dev/fd"))("reads from pipes and writes to one", async () => {
    const split = join(folder, "dev.txt");
    await writeFile(split, "4.png\n2.png\n");
    const { images, captions } = set;
    const rows = (await readFile(captions, "utf8")).replace("image,caption", "Photo ID;Text");
    await writeFile(captions, rows.replaceAll(".png,", ".png;"));
    const columns = '--image-column "photo id" --caption-column text';
    const command = `evaluate --images '${images}' --captions <(cat '${captions}') --split <(cat '${split}') ${columns} --model '${model}' --json --predictions /dev/fd/3 3> >(wc -l >&2)`;
    const { code, stdout, stderr } = await captionByShell(command);
    expect({ code, stderr: stderr.trim() }).toEqual({ code: 0, stderr: "2" });
    expect(JSON.parse(stdout)).toMatchObject({ photos: 2 });
  });
});

describe("errors", () => {
  const run = (args: readonly string[]) =>
    evaluateCommand()
      .exitOverride()
      .configureOutput({ writeErr() {} })
      .parseAsync([...args], { from: "user" });

  /** Expects a one-line error that contains all `parts`. */
  async function expectLine(args: readonly string[], ...parts: string[]): Promise<void> {
    const error = await run(args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AttendError);
    const { message } = error as AttendError;
    for (const part of parts) expect(message).toContain(part);
    expect(message).not.toContain("\n");
  }

  test("in the captions and the model are one line each", async () => {
    const { images, captions } = set;
    await expectLine(
      ["--images", images, "--captions", captions, "--model", images],
      "config.json",
    );
    await expectLine(
      [...flags(), "--captions", captions],
      "1 --images, 2 --captions and 0 --split",
    );
    await writeFile(captions, 'image,caption\n0.png,"a dog\n');
    await expectLine(flags(), `${captions} line 2: a quote that is never closed`);
  });

  test("in the predictions' path come before captioning", async () => {
    await expectLine(
      [
        "--model",
        join(folder, "no model"),
        ...flags().slice(0, 4),
        "--predictions",
        join(set.captions, "file"),
      ],
      `cannot write into folder ${set.captions}`,
      "choose another path",
    );
  });

  test.each([
    ["--beam", "0"],
    ["--engine", "gpu"],
  ])("in usage: %s %s", async (...wrong) => {
    await expect(run(flags(...wrong))).rejects.toThrow(CommanderError);
  });

  test("in usage: no photos", async () => {
    await expect(run(["--captions", set.captions])).rejects.toThrow("--images <folder>");
  });
});
