import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, onTestFinished, test } from "vitest";
import { parseTrainingConfig } from "../src/index.ts";
import { createToy, fit } from "./support/toy.ts";

useEngine();

/** Mounts a small disk; false if not permitted. */
function mount(folder: string, kilobytes: number): boolean {
  const args = ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder];
  if (spawnSync("mount", args).status !== 0) return false;
  onTestFinished(() => {
    expect(spawnSync("umount", [folder]).status).toBe(0);
  });
  return true;
}

test.each([
  ["a checkpoint", { logEvery: 1000 }, "latest.safetensors"],
  ["the log", { tensorboard: false }, "log.jsonl"],
  ["the log or the TensorBoard file", {}, "(log.jsonl|tensorboard)"],
])(
  "a disk that fills up while %s is written ends the training and damages nothing",
  async (_, rest, file) => {
    const disk = temporaryDirectory();
    if (!mount(disk, 500)) return test.skip("mounting a small disk needs root");
    const out = join(disk, "run");
    const filler = join(disk, "filler");
    const latest = join(out, "latest.safetensors");
    const config = parseTrainingConfig(
      {
        maxSteps: 60,
        optimizer: { name: "adam", learningRate: 1e-3 },
        checkpointEvery: { steps: 25 },
        validateEvery: { steps: 100 },
        ...rest,
      },
      "test",
    );
    let saved: Buffer | undefined;
    const fill = ({ type, step }: { type: string; step: number }) => {
      if (type !== "checkpoint" || step !== 25) return;
      saved = readFileSync(latest);
      expect(() => writeFileSync(filler, Buffer.alloc(1e6))).toThrow(/ENOSPC/);
    };
    const toy = createToy();
    await expect(fit(toy, config, { out, onEvent: fill })).rejects.toMatchObject({
      code: "WRITE_FAILED",
      message: expect.stringMatching(
        new RegExp(`^cannot write .*${file}: the disk is full; [^\n]*$`),
      ),
    });
    expect(readFileSync(latest).equals(saved ?? Buffer.alloc(0))).toBe(true);
    expect(readdirSync(out).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    rmSync(filler);
    expect(existsSync(filler)).toBe(false);
    const result = await fit(toy, config, { out, resume: true });
    expect(result).toMatchObject({ stopped: "complete", step: 60 });
    toy.module.dispose();
  },
);
