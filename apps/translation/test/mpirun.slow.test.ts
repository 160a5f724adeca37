import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors } from "@attend/nn";
import { expectClose, missingCommand } from "@attend/test-kit";
import { readLog } from "@attend/training";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { translate, translateUntil } from "./support/program.ts";
import { linesOf, tinyTraining } from "./support/train.ts";

const name = "train in several processes";
const missing = missingCommand("mpirun", "mpicc");
if (missing !== undefined) test.skip(`${name} (there is no ${missing})`);

/** What the processes do does not depend on the engine, so one engine is enough. */
const skipped = missing !== undefined || process.env["ATTEND_ENGINE"] === "wasm";

describe.skipIf(skipped)(name, { timeout: 600_000 }, () => {
  // Each has a thread, and all have a processor.
  const env = { TF_NUM_INTRAOP_THREADS: "1" };
  let folder: string;
  let args: (out: string, changes?: { accumulate?: number; tokensPerBatch?: number }) => string[];
  let complete: string;
  const logOf = (out: string) => join(folder, out, "log.jsonl");
  const stateOf = async (out: string) => {
    const { metadata, tensors } = await readSafetensors(join(folder, out, "latest.safetensors"));
    return { tensors, state: JSON.parse(metadata["state"] ?? "") };
  };
  const train = (processes: number, out: string, ...more: string[]) =>
    translate([...args(out), ...more], { processes, env });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "attend-mpirun-"));
    const write = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const files = [write("all.en", linesOf("source")), write("all.de", linesOf("target"))];
    args = (out, { accumulate = 1, tokensPerBatch = 40 } = {}) => {
      const optimizer = { name: "adam", learningRate: 0.01 };
      const training = { epochs: 3, optimizer, checkpointEvery: { steps: 1 }, accumulate };
      const config = write(
        `${out}.json`,
        JSON.stringify(tinyTraining({ tokensPerBatch, training })),
      );
      const flags = ["--from", "en", "--to", "de", "--out", join(folder, out)];
      return ["train", ...files, "--validation", ...files, ...flags, "--config", config];
    };
    complete = "complete";
    const { code, stdout, stderr } = await train(2, complete);
    expect(code, stderr).toBe(0);
    // The first process alone writes.
    expect(stdout).toMatch(/^\S+complete\/model: \d+ steps in .*, bleu \d+\.\d\d at step \d+\n$/);
    expect(stderr.match(/2 processes train together/g)).toHaveLength(1);
  }, 600_000);
  // A test that runs again starts anew.
  beforeEach(async () => {
    for (const out of ["alone", "killed", "stopped", "uninterrupted"]) {
      await rm(join(folder, out), { recursive: true, force: true });
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("computes what one process does that accumulates as many batches", async () => {
    const { code, stderr } = await translate(args("alone", { accumulate: 2 }), { env });
    expect(code, stderr).toBe(0);
    const [parts, whole] = [await stateOf(complete), await stateOf("alone")];
    expect(parts.state.step).toBe(whole.state.step);
    for (const [key, { data }] of whole.tensors) {
      expectClose(parts.tensors.get(key)!.data, data, 1e-4);
    }
  });

  test("a process that is killed ends all within seconds; fewer may resume", async () => {
    let killedAt = 0;
    const killed = await translateUntil(args("killed"), {
      ...{ processes: 3, env, log: logOf("killed"), lines: 2, signal: "SIGKILL" },
      receiver(mpirun) {
        killedAt = performance.now();
        const children = readFileSync(`/proc/${mpirun}/task/${mpirun}/children`, "utf8");
        return Number(children.split(" ")[1]);
      },
    });
    expect(performance.now() - killedAt).toBeLessThan(30_000);
    expect(killed.code).toBe(137);
    expect(killed.stderr).toMatch(/process rank 1 .* exited on signal 9 \(Killed\)/);
    const { state } = await stateOf("killed");
    const { code, stderr } = await train(2, "killed", "--resume");
    expect(code, stderr).toBe(0);
    const steps = (await readLog(logOf("killed"))).filter(({ type }) => type === "step");
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1));
    expect(steps.length).toBeGreaterThan(state.step);
  });

  test("Ctrl-C saves, and as many processes end with the same bits", async () => {
    const grace = { OMPI_MCA_odls_base_sigkill_timeout: "10" };
    // It takes mpirun a second to tell its processes.
    const stopped = await translateUntil([...args("stopped"), "--epochs", "100000"], {
      ...{ processes: 2, env: { ...env, ...grace }, log: logOf("stopped"), lines: 2 },
      signal: "SIGINT",
    });
    expect(stopped.stderr).toMatch(/^error: stopped; run the same command with --resume/m);
    expect(stopped.stderr.match(/^error:/gm)).toHaveLength(1);
    const { state } = await stateOf("stopped");
    const epochs = ["--epochs", `${state.epoch + 2}`];
    for (const [out, more] of [
      ["stopped", ["--resume"]],
      ["uninterrupted", []],
    ] as const) {
      const { code, stderr } = await train(2, out, ...more, ...epochs);
      expect(code, stderr).toBe(0);
    }
    const [resumed, uninterrupted] = [await stateOf("stopped"), await stateOf("uninterrupted")];
    expect(resumed.tensors).toEqual(uninterrupted.tensors);
  });

  test("what cannot be divided, and a missing compiler, are one line", async () => {
    const few = args("few", { tokensPerBatch: 1000 });
    const { stderr } = await translate(few, { processes: 2, env });
    expect(stderr.match(/^error:.*/gm)).toEqual([
      "error: this training cannot be divided among 2 processes: an epoch has 1 batch; start fewer with mpirun -n",
    ]);
    const alone = { OMPI_COMM_WORLD_RANK: "0", OMPI_COMM_WORLD_SIZE: "2", PATH: "/nowhere" };
    const missing = await translate(args("missing"), { env: { ...env, ...alone } });
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^error: mpirun has started this .*apt install libopenmpi-dev/m);
  });
});
