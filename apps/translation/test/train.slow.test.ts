import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pairs } from "./support/models.ts";
import { translate, translateUntil } from "./support/program.ts";

/** What a run writes does not depend on the engine, so one engine is enough. */
const skipped = process.env["ATTEND_ENGINE"] === "wasm";

const config = {
  model: {
    network: {
      kind: "transformer",
      ...{
        size: 32,
        heads: 4,
        feedForwardSize: 32,
        encoderLayers: 1,
        decoderLayers: 1,
        dropout: 0.1,
      },
    },
  },
  vocabulary: { size: 330 },
  tokensPerBatch: 80,
  training: {
    epochs: 100,
    optimizer: { name: "adam", learningRate: 0.01 },
    schedule: { name: "cosine", warmupSteps: 10 },
    clipNorm: 1,
    ema: { decay: 0.8 },
    validateEvery: { epochs: 25 },
    checkpointEvery: { steps: 7 },
  },
};

describe.skipIf(skipped)("translate train", { timeout: 600_000 }, () => {
  let folder: string;
  let args: string[];
  let complete: string;
  const into = (out: string, ...more: string[]) => [...args, "--out", out, ...more];
  const weightsOf = (out: string) => readFileSync(join(out, "model/model.safetensors"));
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const lines = (side: "source" | "target") => pairs.map((pair) => `${pair[side]}\n`).join("");

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "attend-translate-"));
    const files = [write("all.en", lines("source")), write("all.de", lines("target"))];
    const more = [
      "--from",
      "en",
      "--to",
      "de",
      "--config",
      write("c.json", JSON.stringify(config)),
    ];
    args = ["train", ...files, ...more, "--validation", ...files];
    complete = join(folder, "complete");
    const { code, stdout, stderr } = await translate(into(complete));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^\S+complete\/model: \d+ steps in .*s, bleu \d+\.\d\d at step \d+\n$/);
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }));

  test("outputs what it memorized, one line each", async () => {
    const stdin = `${pairs[0]?.source}\n\n${pairs[1]?.source}\n`;
    const { code, stdout, stderr } = await translate(["--model", join(complete, "model"), "-"], {
      stdin,
    });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `${pairs[0]?.target}\n\n${pairs[1]?.target}\n`,
      stderr: "",
    });
  });

  test("evaluates with BLEU 100, and no difference from the same text", async () => {
    const predictions = join(folder, "output.txt");
    const files = [join(folder, "all.en"), join(folder, "all.de")];
    const more = ["--model", join(complete, "model"), "--predictions", predictions, "--json"];
    const against = ["--against", join(folder, "all.de")];
    const { code, stdout, stderr } = await translate(["evaluate", ...files, ...more, ...against]);
    expect(code, stderr).toBe(0);
    const { lines: count, scores, compared } = JSON.parse(stdout);
    expect(count).toBe(10);
    expect(scores[0]).toMatchObject({ metric: "BLEU", score: expect.closeTo(100, 3) });
    expect(scores[0].signature).toContain("tok:13a");
    expect(compared[0].pValue).toBe(1);
    expect(readFileSync(predictions, "utf8")).toBe(lines("target"));
  });

  test("killed and resumed, it ends with exactly the same weights", async () => {
    const out = join(folder, "killed");
    const log = join(out, "log.jsonl");
    for (const count of [20, 90]) {
      const kill = { log, lines: count, signal: "SIGKILL" as const };
      expect((await translateUntil(into(out, "--resume"), kill)).code).toBe(null);
    }
    expect((await translate(into(out, "--resume"))).code).toBe(0);
    expect(weightsOf(out).equals(weightsOf(complete))).toBe(true);
  });

  test("starts from a model, with its vocabulary, but another dropout rate", async () => {
    const out = join(folder, "tuned");
    const network = { ...config.model.network, dropout: 0.02 };
    const training = { ...config.training, epochs: 1 };
    const short = write(
      "short.json",
      JSON.stringify({ ...config, model: { ...config.model, network }, training }),
    );
    const start = ["--start-from", join(complete, "model"), "--config", short];
    const { code, stderr } = await translate(into(out, ...start));
    expect(code, stderr).toBe(0);
    const vocabulary = (run: string) => readFileSync(join(run, "model/vocabulary.json"), "utf8");
    expect(vocabulary(out)).toBe(vocabulary(complete));
    const tuned = JSON.parse(readFileSync(join(out, "model/config.json"), "utf8"));
    expect(tuned.network.dropout).toBe(0.02);

    // The starting model is identified by content, not by path.
    const moved = join(folder, "moved");
    cpSync(join(complete, "model"), moved, { recursive: true });
    const resumed = into(out, "--config", short, "--resume", "--start-from");
    expect((await translate([...resumed, moved])).code).toBe(0);
    const other = await translate([...resumed, join(out, "model")]);
    expect(other.stderr).toContain(`${out} was started with different starting weights;`);
  });

  test("refuses to resume with other pairs or another config, and to overwrite a run", async () => {
    const other = write("other.json", JSON.stringify({ ...config, labelSmoothing: 0.2 }));
    const fewer = write(
      "fewer.tsv",
      pairs
        .map(({ source, target }) => `${source}\t${target}\n`)
        .slice(1)
        .join(""),
    );
    const cases: [string[], string][] = [
      [
        ["--resume", "--config", other],
        "started with a different config: labelSmoothing was 0.1, now it is 0.2;",
      ],
      [["--resume", "--validation", fewer], "started with different pairs to validate on;"],
      [[], "already contains a training"],
    ];
    const before = weightsOf(complete);
    for (const [flags, message] of cases) {
      const { code, stderr } = await translate(into(complete, ...flags));
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
    }
    expect(weightsOf(complete).equals(before)).toBe(true);
  });
});
