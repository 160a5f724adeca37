import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createSlot, parseTrainingConfig } from "../src/index.ts";
import { createToy, fit, type Toy } from "./support/toy.ts";

useEngine();

const config = parseTrainingConfig(
  { maxSteps: 6, optimizer: { name: "sgd", learningRate: 0.1 }, checkpointEvery: { steps: 1 } },
  "test",
);

/** A training whose loss depends on the losses of all previous batches; stopped after step `until`. */
async function trainCarrying(out: string, until?: number) {
  const toy = createToy();
  const memory = createSlot(tf.ones([1]));
  const task: Toy = {
    ...toy,
    carried: { rows: 1, slots: new Map([["memory", memory]]) },
    loss(batch, random) {
      const { loss, ...rest } = toy.loss(batch, random);
      const before = memory.read();
      memory.write(tf.add(tf.mul(before, 0.5), loss));
      return { ...rest, loss: tf.sum(tf.mul(loss, before)) };
    },
  };
  const controller = new AbortController();
  try {
    await fit(task, config, {
      out,
      resume: true,
      signal: controller.signal,
      onEvent({ type, step }) {
        if (type === "step" && step === until) controller.abort();
      },
    });
  } finally {
    toy.module.dispose();
    memory.dispose();
  }
}

test("carried state survives a stop, and leaks nothing", async () => {
  const [uninterrupted, stopped] = [temporaryDirectory(), temporaryDirectory()];
  await expectNoLeak(async () => {
    await trainCarrying(uninterrupted);
    for (let step = 1; step <= 3; step++) {
      await expect(trainCarrying(stopped, step)).rejects.toMatchObject({ code: "INTERRUPTED" });
    }
    await trainCarrying(stopped);
  });
  const tensorsOf = async (out: string) => {
    const { tensors } = await readSafetensors(join(out, "latest.safetensors"));
    return [...tensors].map(([name, { data }]) => [name, [...data]] as const);
  };
  expect(await tensorsOf(stopped)).toEqual(await tensorsOf(uninterrupted));
  expect(new Map(await tensorsOf(uninterrupted)).get("carried/memory")?.[0]).toBeGreaterThan(1);
});

test("rejects a checkpoint without the carried state", async () => {
  const out = temporaryDirectory();
  const toy = createToy();
  await fit(toy, config, { out });
  const before = readFileSync(join(out, "latest.safetensors"));
  await expect(trainCarrying(out)).rejects.toMatchObject({
    code: "BAD_WEIGHTS",
    message: expect.stringContaining("carried/memory is not in both"),
  });
  expect(readFileSync(join(out, "latest.safetensors")).equals(before)).toBe(true);
  toy.module.dispose();
});
