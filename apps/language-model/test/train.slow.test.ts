import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLog } from "@attend/training";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { line } from "./models.ts";
import { languageModel, languageModelUntil } from "./support/program.ts";

/** What a run writes does not depend on the engine, so one engine is enough. */
const skipped = process.env["ATTEND_ENGINE"] === "wasm";

/** Everything that resuming has to restore. */
const config = {
  model: { recurrent: { cell: "gru", units: 16, layers: 2, dropout: 0.2 }, outputDropout: 0.2 },
  streams: 3,
  steps: 8,
  training: {
    epochs: 8,
    optimizer: { name: "adamw", learningRate: 0.02, weightDecay: 0.01 },
    schedule: { name: "cosine", warmupSteps: 5 },
    clipNorm: 1,
    ema: { decay: 0.9 },
    checkpointEvery: { steps: 7 },
  },
};

/** The config with another network size. */
const otherModel = { ...config, model: { recurrent: { cell: "gru", units: 8 } } };

describe.skipIf(skipped)("language-model train", { timeout: 600_000 }, () => {
  let folder: string;
  let args: string[];
  let complete: string;
  const into = (out: string, ...more: string[]) => [...args, "--out", out, ...more];
  const weightsOf = (out: string) => readFileSync(join(out, "model/model.safetensors"));
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "attend-train-"));
    const book = write("book.txt", line.repeat(40));
    args = ["train", book, "--config", write("config.json", JSON.stringify(config))];
    complete = join(folder, "complete");
    const { code, stderr } = await languageModel(into(complete));
    expect(code, stderr).toBe(0);
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }));

  test("killed and resumed, it ends with exactly the same weights", async () => {
    const out = join(folder, "killed");
    const log = join(out, "log.jsonl");
    for (const lines of [10, 60, 150]) {
      const kill = { log, lines, signal: "SIGKILL" as const };
      expect((await languageModelUntil(into(out, "--resume"), kill)).code).toBe(null);
    }
    expect((await languageModel(into(out, "--resume"))).code).toBe(0);
    expect(weightsOf(out).equals(weightsOf(complete))).toBe(true);
  });

  test("stops at Ctrl-C, says how to resume, and resumes", async () => {
    const out = join(folder, "interrupted");
    const stop = { log: join(out, "log.jsonl"), lines: 20, signal: "SIGINT" as const };
    const { code, stdout, stderr } = await languageModelUntil(into(out), stop);
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr.trimEnd().split("\n").at(-1)).toBe(
      `error: stopped; run the same command with --resume to continue ${out}`,
    );
    expect((await languageModel(into(out, "--resume"))).code).toBe(0);
    expect(weightsOf(out).equals(weightsOf(complete))).toBe(true);
  });

  test("refuses to resume with another text, config or held-out part", async () => {
    const other = write("other.txt", line.repeat(39));
    const changed = write("changed.json", JSON.stringify({ ...config, steps: 9 }));
    const cases: [string[], string][] = [
      [["train", other, ...args.slice(2)], `${complete} was started with different text;`],
      [
        [...args, "--config", changed],
        "started with a different config: steps was 8, now it is 9;",
      ],
      [
        [...args, "--held-out", "0.2"],
        "started with a different config: heldOut was 0.1, now it is 0.2;",
      ],
      [
        [...args, "--minutes", "1"],
        "latest.safetensors was written with a different config: epochs was 8",
      ],
    ];
    const before = weightsOf(complete);
    for (const [flags, message] of cases) {
      const { code, stderr } = await languageModel([...flags, "--out", complete, "--resume"]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
    }
    expect(weightsOf(complete).equals(before)).toBe(true);
  });

  test("starts from a model, with its network and vocabulary, and validates on another text", async () => {
    const out = join(folder, "on");
    const book = write("own.txt", `${line.repeat(30)}dog!`);
    const data = ["train", book, "--validation", write("validation.txt", line.repeat(9))];
    const short = ["--epochs", "1", "--seed", "5", "--out", out];
    const start = ["--start-from", complete];
    const config = ["--config", join(folder, "config.json")];
    const done = await languageModel([...data, ...start, ...config, ...short]);
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toContain(`warning: ${complete} does not know 3 characters of ${book}`);
    const read = (path: string) => readFileSync(path, "utf8");
    const vocabulary = "model/vocabulary.json";
    expect(read(join(out, vocabulary))).toBe(read(join(complete, vocabulary)));
    // It starts where the other one ended.
    const firstLoss = (path: string) => JSON.parse(read(path).split("\n")[0] ?? "").loss;
    expect(firstLoss(join(out, "log.jsonl"))).toBeLessThan(
      firstLoss(join(complete, "log.jsonl")) / 2,
    );

    const last = (await readLog(join(out, "log.jsonl"))).at(-1);
    const examples = last?.type === "validation" ? (last.examples ?? []) : [];
    expect(examples).toHaveLength(3);
    for (const { input, expected, output } of examples) {
      expect(line.repeat(9)).toContain(input + expected);
      expect([...output]).toHaveLength(expected.length);
    }

    const fresh = await languageModel([...data, ...config, ...short, "--resume"]);
    expect(fresh.code).toBe(1);
    expect(fresh.stderr).toContain(
      `${out} was started with different starting weights; resume with the same`,
    );
    const other = write("other.json", JSON.stringify(otherModel));
    const into = ["--config", other, "--out", join(folder, "wrong")];
    const wrong = await languageModel([...data, ...start, ...into]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/error: .*model\.safetensors.*shape/);
  });

  test("stops at a loss that is not a number, and keeps the last checkpoint", async () => {
    const out = join(folder, "exploded");
    const wild = write(
      "wild.json",
      JSON.stringify({
        ...config,
        model: { embedding: "one-hot", recurrent: { cell: "rnn-relu", units: 16 } },
        steps: 100,
        training: {
          epochs: 8,
          optimizer: { name: "sgd", learningRate: 1e6 },
          checkpointEvery: { steps: 1 },
        },
      }),
    );
    const { code, stderr } = await languageModel(into(out, "--config", wild));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: step \d+: the loss is (NaN|-?Infinity) and the first parameter with a gradient that is not finite is recurrent\.layers\.0\.\w+; .*the last checkpoint is intact\)\n$/m,
    );
  });
});
