import { existsSync } from "node:fs";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { beforeEach, describe, expect, test } from "vitest";
import { createFixture } from "./fixture.ts";
import { tinyTraining, writePhotoSet } from "./support/photo-set.ts";
import { caption, captionUntil } from "./support/program.ts";

/** How a run reads its data does not depend on the engine, so one engine is enough. */
const skipped = process.env["ATTEND_ENGINE"] === "wasm";

describe.skipIf(skipped)("the data of caption train", { timeout: 600_000 }, async () => {
  const { model, photos, broken } = await createFixture();
  let folder: string;
  let set: Awaited<ReturnType<typeof writePhotoSet>>;
  let out: string;
  beforeEach(async () => {
    folder = temporaryDirectory();
    set = await writePhotoSet(folder, 8);
    out = join(folder, "out");
  });

  /** Arguments for training only the decoder for one epoch. */
  const decoderArgs = (minCount: number, ...more: string[]) => argsFor(minCount, 1, ...more);

  async function argsFor(minCount: number, epochs: number, ...more: string[]): Promise<string[]> {
    const { stages, ...config } = tinyTraining();
    const training = { ...stages[0]?.training, epochs };
    const decoder = { ...stages[0], training };
    const vocabulary = { ...config.vocabulary, minCount };
    const file = join(folder, "config.json");
    await writeFile(file, JSON.stringify({ ...config, vocabulary, stages: [decoder] }));
    const { images, captions } = set;
    const data = ["--images", images, "--captions", captions, "--config", file];
    return [
      "train",
      ...data,
      "--start-from",
      model,
      "--encoder-only",
      "--out",
      out,
      "--quiet",
      ...more,
    ];
  }

  const jsonOf = async (file: string) => JSON.parse(await readFile(join(out, file), "utf8"));
  const weights = () => readFile(join(out, "model/model.safetensors"));

  test("without --config, the model fits the shipped encoder", async () => {
    const { images, captions } = set;
    const args = ["--images", images, "--captions", captions, "--held-out", "0.5"];
    args.push("--epochs", "9", "--minutes", "12", "--seed", "7");
    const log = join(out, "1-decoder/log.jsonl");
    const until = { log, lines: 1, signal: "SIGKILL" } as const;
    const { stderr } = await captionUntil(["train", ...args, "--out", out], until);
    expect(stderr).toContain("stage 1 of 2: decoder\n");
    const { config, training } = await jsonOf("1-decoder/origin.json");
    // The stage has 15 of the default's 18 epochs.
    expect(training).toMatchObject({ epochs: 9, maxSeconds: 600, seed: 7 });
    expect(config.seed).toBe(7);
    const shipped = join(import.meta.dirname, "../../../models/captioner/config.json");
    expect(config.model.encoder).toEqual(JSON.parse(await readFile(shipped, "utf8")).encoder);
  });

  test("a broken photo is reported, and stays skipped on resume", async () => {
    const intact = await readFile(join(set.images, "3.png"));
    await copyFile(broken, join(set.images, "3.png"));
    const args = await decoderArgs(1, "--held-out", "0.4");
    const first = await caption(args);
    expect(first.stderr).toMatch(
      /^warning: .*3\.png is not a picture.*; the photo is skipped\n(?:.*\n)*1 of 8 photos could not be read\n$/,
    );
    expect(first.code).toBe(1);
    expect(await jsonOf("left-out.json")).toEqual(["3.png"]);
    const before = await weights();

    // The photo is repaired by now, but the run keeps the photos that it started with.
    await writeFile(join(set.images, "3.png"), intact);
    await rm(join(out, "model"), { recursive: true });
    await rm(join(out, "1-decoder/result.json"));
    const second = await caption([...args, "--resume"]);
    expect(second.stderr).toContain("warning: 3.png is skipped, as when the training started");
    expect(second.code).toBe(1);
    expect((await weights()).equals(before)).toBe(true);
    expect(second.stdout).toBe(first.stdout);
  });

  test("trains on train and restval, validates on val, and leaves out test", async () => {
    const parts = ["train", "train", "restval", "val", "val", "test", "train", "test"];
    const images = parts.map((split, i) => ({
      filename: `${i}.png`,
      split,
      sentences: [{ raw: `A ${split} dog runs.` }, { raw: `A ${split} cat.` }],
    }));
    await writeFile(set.captions, JSON.stringify({ images }));
    const { code, stdout, stderr } = await caption(await decoderArgs(1, "--held-out", "0.5"));
    expect(stderr.split("\n").slice(0, 2)).toEqual([
      "train: part train and restval; validation: part val; left out: test (4 captions)",
      "--held-out is ignored: the captions have a validation part",
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("on 2 validation photos:\n");
    const { tokens } = await jsonOf("model/vocabulary.json");
    expect(tokens.slice(4).sort()).toEqual(["a", "cat", "dog", "restval", "runs", "train"]);
  });

  test("learns rare words if there are many, and reports it; also when resumed", async () => {
    const args = await decoderArgs(100, "--held-out", "0.4");
    const { code, stderr } = await caption(args);
    expect(stderr).toMatch(
      /^warning: 100 % of the words in these captions occur fewer than 100 times; words that occur \d times are learned, too \(vocabulary\.minCount \d\)\n/,
    );
    expect(code, stderr).toBe(0);
    const { config } = await jsonOf("1-decoder/origin.json");
    expect(config.vocabulary.minCount).toBeLessThan(5);
    const before = await weights();
    await rm(join(out, "1-decoder/result.json"));
    expect((await caption([...args, "--resume"])).code).toBe(0);
    expect((await weights()).equals(before)).toBe(true);
    const { stdout } = await caption(["--model", out, ...photos]);
    for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/\t\w.*\.$/);
  });

  test("uses METEOR if CIDEr-D stays 0, and holds out two photos by default", async () => {
    const rows = set.names.map((name) => `${name},A dog runs on the grass.\n`);
    await writeFile(set.captions, `image,caption\n${rows.join("")}`);
    const { code, stdout, stderr } = await caption(await argsFor(1, 30));
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("on 2 validation photos:\n");
    const log = await readFile(join(out, "1-decoder/log.jsonl"), "utf8");
    const metrics = log
      .split("\n")
      .filter((line) => line.includes('"validation"'))
      .map((line) => JSON.parse(line).metrics);
    const best = Math.max(...metrics.map(({ meteor }) => meteor));
    expect(Math.max(...metrics.map(({ ciderD }) => ciderD))).toBe(0);
    expect(best).toBeGreaterThan(metrics[0].meteor);
    expect(stdout).toContain(best.toFixed(3));
  });

  test("trains on Chinese captions", async () => {
    const sentences = ["一只狗在草地上跑。", "一个男人坐在沙发上。"];
    const rows = set.names.map((name, i) => `${name},${sentences[i % 2]}\n`);
    await writeFile(set.captions, `image,caption\n${rows.join("")}`);
    const { code, stderr } = await caption(await decoderArgs(1, "--held-out", "0.4"));
    expect(code, stderr).toBe(0);
    const { tokens } = await jsonOf("model/vocabulary.json");
    expect(tokens).toEqual(expect.arrayContaining(["狗", "草地", "男人", "沙发"]));
    const output = await caption(["--model", join(out, "model"), photos[0] ?? ""]);
    expect(output.stdout).toMatch(/^\p{scx=Han}+。\n$/u);
    expect(existsSync(join(out, "left-out.json"))).toBe(true);
  });
});
