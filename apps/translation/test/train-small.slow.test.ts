import { gzipSync } from "node:zlib";
import { useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { pairs } from "./support/models.ts";
import { linesOf, rows, tinyTraining, useTrainCommand } from "./support/train.ts";

useEngine();
const { expectRejection, out, stderr, train, write } = useTrainCommand();

describe("training", { timeout: 600_000 }, () => {
  test("chooses and reports vocabulary size and held-out pairs", async () => {
    const [en, de] = [write("a.en", linesOf("source")), write("a.de", linesOf("target"))];
    await train(en, de, "--from", "en_us", "--to", "zh-hans-cn");
    const { source, target } = JSON.parse(out("model/vocabulary.json"));
    expect([source, target]).toEqual([undefined, undefined]);
    expect(stderr()).toMatch(
      /^1 of the 10 different sources are held out .*\(--held-out sets how many\)$/m,
    );
    expect(stderr()).toMatch(
      /^a vocabulary of \d+ tokens, as many as the pairs allow \(--vocabulary-size/m,
    );
    expect(JSON.parse(out("model/config.json"))).toMatchObject({ from: "en-US", to: "zh-Hans-CN" });
    // The same command resumes; with another size it does not.
    await train(en, de, "--from", "en-US", "--to", "zh-Hans-CN", "--resume", "--epochs", "2");
    expect(stderr()).toContain("epoch 2");
    await expectRejection(
      [en, de, "--from", "en-US", "--to", "zh-Hans-CN", "--resume", "--vocabulary-size", "300"],
      "started with a different config: vocabulary.size was absent, now it is 300",
    );
  });

  test.each(["utf8", "utf16le"] as const)("reads any encoding: %s", async (encoding) => {
    const as = (text: string) =>
      gzipSync(Buffer.from(`\uFEFF${text.replaceAll("\n", "\r\n")}`, encoding));
    const csv = write(
      "a.csv.gz",
      as(
        `id;German;English\n${pairs.map((pair, i) => `${i};"${pair.target}";${pair.source}\n`).join("")}`,
      ),
    );
    const settings = write("c.json.gz", as(JSON.stringify(tinyTraining())));
    const dev = [write("d.en.gz", as(linesOf("source"))), write("d.de.gz", as(linesOf("target")))];
    await expectRejection(
      [csv, "--columns", "en,de"],
      'line 1 names no column "en", only "id", "German", "English"',
    );
    await train(csv, "--columns", "english,german", "--config", settings, "--validation", ...dev);
    expect(stderr()).toContain("a.csv.gz line 1: left out, it names the columns");
    expect(stderr()).toContain(
      "10 of the 10 pairs of --validation have a source that is also in the training pairs",
    );
    expect(stderr()).not.toContain("of the 10 different sources");
  });

  test("keeps the model with the lowest loss if BLEU stays 0, and reports it", async () => {
    // Words that no translation contains, on any engine.
    const dev = [write("d.en", "A dog runs.\nChildren swim.\n"), write("d.de", "xyq\nqyx\n")];
    await train(write("a.tsv", rows()), "--validation", ...dev, "--epochs", "4");
    const validations = out("log.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === "validation");
    expect(validations.map(({ metrics }) => metrics.bleu)).toEqual([0, 0, 0, 0]);
    const losses: number[] = validations.map(({ metrics }) => metrics.loss);
    const lower = losses.filter((loss, i) => losses.slice(0, i).every((before) => loss < before));
    expect(lower.length).toBeGreaterThan(1);
    expect(stderr().match(/\(best so far\)/g)).toHaveLength(lower.length);
    expect(stderr()).toContain(
      "warning: the model's translations have nothing in common with the held-out pairs",
    );
  });

  test("warns if the learning rate barely rises", async () => {
    const schedule = { name: "inverse-sqrt", warmupSteps: 100 };
    const slow = tinyTraining({ training: { ...tinyTraining().training, schedule } });
    await train(write("a.tsv", rows()), "--config", write("slow.json", JSON.stringify(slow)));
    expect(stderr()).toMatch(
      /warning: training has 1 steps, but .* for 100; .* about --epochs 400/,
    );
  });
});
