import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors } from "@attend/nn";
import { expectClose, missingCommand } from "@attend/test-kit";
import { readLog } from "@attend/training";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { line } from "./models.ts";
import { languageModel, languageModelUntil } from "./support/program.ts";

const name = "train in several processes";
const missing = missingCommand("mpirun", "mpicc");
if (missing !== undefined) test.skip(`${name} (there is no ${missing})`);

/** What the processes do does not depend on the engine, so one engine is enough. */
const skipped = missing !== undefined || process.env["ATTEND_ENGINE"] === "wasm";

/** Three streams, of which two processes have one and two. */
const config = {
  model: { recurrent: { cell: "lstm", units: 16, layers: 2 } },
  streams: 3,
  steps: 8,
  training: {
    epochs: 2,
    optimizer: { name: "adam", learningRate: 0.01 },
    clipNorm: 1,
    ema: { decay: 0.9 },
    checkpointEvery: { steps: 1 },
  },
};

describe.skipIf(skipped)(name, { timeout: 600_000 }, () => {
  // Each has a thread, and all have a processor.
  const env = { TF_NUM_INTRAOP_THREADS: "1" };
  let folder: string;
  let args: (out: string) => string[];
  const logOf = (out: string) => join(folder, out, "log.jsonl");
  const tensorsOf = async (out: string) =>
    (await readSafetensors(join(folder, out, "latest.safetensors"))).tensors;
  const train = async (processes: number, out: string, ...more: string[]) => {
    const started = { env, ...(processes > 1 && { processes }) };
    const { code, stdout, stderr } = await languageModel([...args(out), ...more], started);
    expect(code, stderr).toBe(0);
    return { stdout, stderr };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "attend-mpirun-"));
    const write = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const lines = Array.from({ length: 40 }, (_, i) => `${(i * i) % 97} ${line}`);
    const book = write("book.txt", lines.join(""));
    const settings = write("config.json", JSON.stringify(config));
    args = (out) => ["train", book, "--config", settings, "--out", join(folder, out)];
    const { stdout, stderr } = await train(2, "two");
    // The first process alone writes.
    expect(stdout).toMatch(/^\S+two\/model: \d+ steps in .* nats\/character at step \d+\n$/);
    expect(stderr.match(/2 processes train together: .*/g)).toEqual([
      "2 processes train together: each has a part of the 3 rows of a batch",
    ]);
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }));

  /** Expects what one process computes. */
  async function expectSame(out: string): Promise<void> {
    const [parts, whole] = [await tensorsOf(out), await tensorsOf("one")];
    expect([...parts.keys()]).toEqual([...whole.keys()]);
    for (const [key, { data, shape }] of whole) {
      expect(parts.get(key)?.shape).toEqual(shape);
      expectClose(parts.get(key)!.data, data, 1e-4);
    }
    const [log, expected] = [await readLog(logOf(out)), await readLog(logOf("one"))];
    expect(log.length).toBe(expected.length);
    for (const [i, entry] of expected.entries()) {
      const loss = (other: typeof entry) =>
        other.type === "step" ? other.loss : other.metrics["loss"];
      expect([log[i]!.type, log[i]!.step]).toEqual([entry.type, entry.step]);
      expect(loss(log[i]!)).toBeCloseTo(loss(entry) ?? Number.NaN, 4);
    }
  }

  test("computes what one process does, and the same bits in every run", async () => {
    await train(1, "one");
    await expectSame("two");
    await train(2, "again");
    expect(await tensorsOf("again")).toEqual(await tensorsOf("two"));
  });

  test("stopped, it goes on in as many processes with the same bits, and in another number", async () => {
    const stopped = await languageModelUntil(args("stopped"), {
      ...{ processes: 2, env, log: logOf("stopped"), lines: 5, signal: "SIGINT" },
      // The second process; mpirun itself would take a second to tell any.
      receiver(mpirun) {
        const children = readFileSync(`/proc/${mpirun}/task/${mpirun}/children`, "utf8");
        return Number(children.split(" ")[1]);
      },
    });
    expect(stopped.stderr).toMatch(/^error: stopped; run the same command with --resume/m);
    cpSync(join(folder, "stopped"), join(folder, "fewer"), { recursive: true });
    await train(2, "stopped", "--resume");
    expect(await tensorsOf("stopped")).toEqual(await tensorsOf("two"));
    await train(1, "fewer", "--resume");
    await expectSame("fewer");
  });

  test("killed in one process, it goes on in three", async () => {
    const kill = { env, log: logOf("killed"), lines: 5, signal: "SIGKILL" as const };
    await languageModelUntil(args("killed"), kill);
    await train(3, "killed", "--resume");
    await expectSame("killed");
  });

  test("more processes than streams are one line", async () => {
    const { code, stderr } = await languageModel(args("many"), { processes: 4, env });
    expect(code).toBe(1);
    expect(stderr.match(/^error:.*/gm)).toEqual([
      "error: this training cannot be divided among 4 processes: a batch has 3 rows; start fewer with mpirun -n",
    ]);
    expect(existsSync(join(folder, "many/model"))).toBe(false);
  });
});
