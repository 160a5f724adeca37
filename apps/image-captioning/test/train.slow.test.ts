import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFixture } from "./fixture.ts";
import { tinyTraining, writePhotoSet } from "./support/photo-set.ts";
import { caption, captionUntil, type Outcome } from "./support/program.ts";

/** What a run writes does not depend on the engine, so one engine is enough. */
const skipped = process.env["ATTEND_ENGINE"] === "wasm";

describe.skipIf(skipped)("caption train", { timeout: 600_000 }, async () => {
  const { model, photos } = await createFixture();
  let folder: string;
  let args: string[];
  let set: Awaited<ReturnType<typeof writePhotoSet>>;
  /** The folder of an uninterrupted run. */
  let complete: string;
  let outcome: Outcome;

  const trainInto = (out: string, ...more: string[]) => [...args, "--out", out, ...more];
  const weightsOf = (out: string) => readFile(join(out, "model/model.safetensors"));

  async function expectSameWeights(out: string): Promise<void> {
    expect((await weightsOf(out)).equals(await weightsOf(complete))).toBe(true);
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "attend-train-"));
    set = await writePhotoSet(folder, 12);
    const config = join(folder, "config.json");
    await writeFile(config, JSON.stringify(tinyTraining()));
    const { images, captions } = set;
    args = ["train", "--images", images, "--captions", captions, "--held-out", "0.25"];
    args.push("--config", config, "--start-from", model, "--encoder-only");
    complete = join(folder, "complete");
    outcome = await caption(trainInto(complete));
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }));

  test("trains all stages, draws their curves and prints the metrics", async () => {
    const { code, stdout, stderr } = outcome;
    expect(code, stderr).toBe(0);
    const [title, header, values, ...rest] = stdout.split("\n");
    expect(title).toBe(`${join(complete, "model")} on 3 validation photos:`);
    expect(header).toMatch(/^BLEU-1 +BLEU-2 +BLEU-3 +BLEU-4 +ROUGE-L +CIDEr-D +CIDEr +METEOR$/);
    expect(values?.trim().split(/ +/)).toHaveLength(8);
    expect(rest).toEqual([""]);
    for (const [i, stage] of ["decoder", "end-to-end", "self-critical"].entries()) {
      expect(stderr).toContain(`stage ${i + 1} of 3: ${stage}\n`);
      const curves = await sharp(join(complete, `${i + 1}-${stage}`, "curves.png")).metadata();
      expect(curves.width).toBeGreaterThan(1000);
    }
    // The end-to-end stage deleted the features of the first encoder.
    expect(await readdir(join(complete, "features"))).toHaveLength(1);
    expect(stderr).toMatch(/epoch 1, step 3: bleu4 \d\.\d{4}, ciderD .*\(best so far\)/);
  });

  test("writes a model that captions", async () => {
    expect((await readdir(join(complete, "model"))).sort()).toEqual([
      "config.json",
      "model.safetensors",
      "vocabulary.json",
    ]);
    const { code, stdout, stderr } = await caption([
      "--model",
      join(complete, "model"),
      ...photos,
      "--json",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trimEnd().split("\n")).toHaveLength(photos.length);
  });

  test("trains a Transformer decoder in all stages, as one to start from, too", async () => {
    const training = tinyTraining();
    const sizes = { size: 16, heads: 2, feedForwardSize: 16, decoderLayers: 2 };
    const decoder = { kind: "transformer", ...sizes };
    const [config, out] = [join(folder, "transformer.json"), join(folder, "transformer")];
    await writeFile(config, JSON.stringify({ ...training, model: { ...training.model, decoder } }));
    const { code, stderr } = await caption(trainInto(out, "--config", config));
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("stage 3 of 3: self-critical\n");
    const saved = JSON.parse(await readFile(join(out, "model/config.json"), "utf8"));
    expect(saved.decoder).toMatchObject(decoder);
    const { images, captions } = set;
    const from = ["--start-from", join(out, "model"), "--out", join(folder, "continued")];
    const flags = ["--images", images, "--captions", captions, "--config", config];
    const continued = await caption(["train", ...flags, ...from, "--epochs", "1"]);
    expect(continued.code, continued.stderr).toBe(0);
    const captioned = await caption(["--model", join(folder, "continued"), ...photos]);
    expect(captioned.code, captioned.stderr).toBe(0);
    expect(captioned.stdout.trimEnd().split("\n")).toHaveLength(photos.length);
  });

  test("learns from captions that several models wrote", async () => {
    const models = ["--model", complete, "--model", join(complete, "1-decoder")];
    const written = await caption(["photos", ...models, "--csv", "--quiet"], { cwd: folder });
    expect(written.code, written.stderr).toBe(0);
    const [teacher, dev] = [join(folder, "teacher.csv"), join(folder, "dev.txt")];
    await writeFile(teacher, written.stdout);
    await writeFile(dev, "0.png\n1.png\n");
    const { images, captions } = set;
    const validation = ["--validation-images", images, "--validation-captions", captions];
    const { code, stderr, stdout } = await caption([
      ...["train", "--images", images, "--captions", captions],
      ...["--images", folder, "--captions", teacher, ...validation, "--validation-split", dev],
      ...["--config", join(folder, "config.json"), "--start-from", model, "--encoder-only"],
      ...["--out", join(folder, "student"), "--epochs", "1"],
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("on 2 validation photos:");
    const wordsOf = async (out: string): Promise<unknown[]> =>
      JSON.parse(await readFile(join(out, "model/vocabulary.json"), "utf8")).tokens;
    const learned = await wordsOf(join(folder, "student"));
    expect(learned).toEqual(expect.arrayContaining(await wordsOf(complete)));
  });

  test("a second start without --resume is rejected and changes nothing", async () => {
    const before = await weightsOf(complete);
    expect(await caption(trainInto(complete))).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: ${complete} already contains a training; continue it with --resume, or train into another folder with --out\n`,
    });
    expect((await weightsOf(complete)).equals(before)).toBe(true);
  });

  test("killed in each stage and resumed, it ends with exactly the same weights", async () => {
    const out = join(folder, "killed");
    const kills = [
      { log: "1-decoder/log.jsonl", lines: 6 },
      { log: "2-end-to-end/log.jsonl", lines: 4 },
      { log: "3-self-critical/log.jsonl", lines: 3 },
    ];
    for (const [i, { log, lines }] of kills.entries()) {
      const command = trainInto(out, ...(i === 0 ? [] : ["--resume"]));
      const kill = { log: join(out, log), lines, signal: "SIGKILL" as const };
      expect((await captionUntil(command, kill)).code).toBe(null);
      expect(existsSync(join(out, "model"))).toBe(false);
    }
    const { code, stdout, stderr } = await caption(trainInto(out, "--resume"));
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain("stage 1 of 3");
    await expectSameWeights(out);
    expect(stdout.split("\n").slice(1)).toEqual(outcome.stdout.split("\n").slice(1));
  });

  test("stops at Ctrl-C, says how to resume, and resumes", async () => {
    const out = join(folder, "interrupted");
    const log = join(out, "2-end-to-end/log.jsonl");
    const { code, stdout, stderr } = await captionUntil(trainInto(out), {
      log,
      lines: 2,
      signal: "SIGINT",
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    const [, rest = ""] = stderr.split("stopping; press Ctrl-C again to stop at once\n");
    expect(rest.trimEnd().split("\n").at(-1)).toBe(
      `error: stopped; run the same command with --resume to continue ${out}`,
    );
    expect((await caption(trainInto(out, "--resume"))).code).toBe(0);
    await expectSameWeights(out);
  });

  test("starts from a model and its vocabulary with augmentation; also when resumed", async () => {
    const config = join(folder, "from.json");
    const { stages, ...rest } = tinyTraining();
    const augmentation = { minArea: 0.8 };
    const augmented = [0, 2].map((i) => ({ ...stages[i], augmentation }));
    await writeFile(config, JSON.stringify({ ...rest, stages: augmented }));
    const { images, captions } = set;
    const command = ["train", "--images", images, "--captions", captions, "--config", config];
    command.push("--held-out", "0.25", "--start-from", join(complete, "model"));
    const [uninterrupted, killed] = [join(folder, "from"), join(folder, "from-killed")];
    const { code, stderr } = await caption([...command, "--out", uninterrupted]);
    expect(code, stderr).toBe(0);
    const kill = { log: join(killed, "2-self-critical/log.jsonl"), lines: 3 };
    await captionUntil([...command, "--out", killed], { ...kill, signal: "SIGKILL" });
    expect((await caption([...command, "--out", killed, "--resume"])).code).toBe(0);
    expect((await weightsOf(killed)).equals(await weightsOf(uninterrupted))).toBe(true);
    expect((await weightsOf(killed)).equals(await weightsOf(complete))).toBe(false);
    const words = (out: string) => readFile(join(out, "model/vocabulary.json"), "utf8");
    expect(await words(killed)).toBe(await words(complete));
    expect(existsSync(join(killed, "features"))).toBe(false);

    const fresh = ["--encoder-only", "--out", killed, "--resume"];
    const other = await caption([...command, ...fresh]);
    expect(other.stderr).toContain("1-decoder was started with different starting weights;");
    expect(other.code).toBe(1);
  });

  describe("resumed with other data or settings", () => {
    /** A copy of the folder that looks like a run that stopped in its second stage. */
    async function unfinished(name: string): Promise<string> {
      const out = join(folder, name);
      await cp(complete, out, { recursive: true });
      await rm(join(out, "model"), { recursive: true });
      await rm(join(out, "3-self-critical"), { recursive: true });
      await rm(join(out, "2-end-to-end/result.json"));
      return out;
    }

    async function withConfig(
      name: string,
      change: (config: ReturnType<typeof tinyTraining>) => void,
    ) {
      const config = tinyTraining();
      change(config);
      const file = join(folder, `${name}.json`);
      await writeFile(file, JSON.stringify(config));
      return ["--config", file];
    }

    async function withCaptions(name: string, change: (rows: string) => string) {
      const file = join(folder, `${name}.csv`);
      await writeFile(file, change(await readFile(set.captions, "utf8")));
      return file;
    }

    test("is rejected in one line that says what differs", async () => {
      const out = await unfinished("other");
      const before = await readFile(join(out, "1-decoder/best.safetensors"));
      const otherWords = await withCaptions("words", (rows) => rows.replace("dog", "zebra"));
      const swapped = await withCaptions("swapped", (rows) =>
        rows.replace("a dog sits on grass", "a dog on grass sits"),
      );
      const cases: [string[], string][] = [
        [
          ["--captions", otherWords],
          `${join(out, "1-decoder")} was started with different photos;`,
        ],
        [["--captions", swapped], `${join(out, "1-decoder")} was started with different photos;`],
        [
          await withConfig("batch", ({ stages }) => {
            Object.assign(stages[0] ?? {}, { photosPerBatch: 3 });
          }),
          `${join(out, "1-decoder")} was started with a different config: stage.photosPerBatch was 4, now it is 3;`,
        ],
        [
          await withConfig("rate", ({ stages }) => {
            Object.assign(stages[0]?.training ?? {}, { clipNorm: 1 });
          }),
          `${join(out, "1-decoder")} was started with a different config: training.clipNorm was 5, now it is 1;`,
        ],
        [
          await withConfig("model", ({ model: changed }) => {
            changed.decoder.hiddenSize = 8;
          }),
          `${join(out, "1-decoder")} was started with a different config: model.decoder.hiddenSize was 16, now it is 8;`,
        ],
        [
          await withConfig("second", ({ stages }) => {
            Object.assign(stages[1]?.training ?? {}, { clipNorm: 1 });
          }),
          `${join(out, "2-end-to-end/latest.safetensors")} was written with a different config: clipNorm was 5, now it is 1`,
        ],
        [
          ["--start-from", join(complete, "model")],
          `${join(out, "1-decoder")} was started with different starting weights;`,
        ],
      ];
      for (const [flags, message] of cases) {
        // Repeating a flag would add a second set.
        const captions = flags[0] === "--captions";
        const base = captions ? args.filter((_, i) => i !== 3 && i !== 4) : args;
        const { code, stdout, stderr } = await caption([
          ...base,
          "--out",
          out,
          "--resume",
          ...flags,
        ]);
        const lines = stderr.split("\n").filter((line) => !line.startsWith("stage "));
        expect({ lines, code, stdout }).toEqual({
          lines: [expect.stringContaining(`error: ${message}`), ""],
          code: 1,
          stdout: "",
        });
        expect(lines[0]).toMatch(
          /; resume with the (same|old value),? or train into another folder/,
        );
      }
      expect((await readFile(join(out, "1-decoder/best.safetensors"))).equals(before)).toBe(true);
    });
  });
});
