import { readdirSync } from "node:fs";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test, vi } from "vitest";
import { type CellName, exploding, type NetworkKind } from "../src/config.ts";
import { addingTask, networkKinds, studyGradients, throughTime } from "../src/index.ts";
import { gradientThroughTime } from "../src/measure.ts";
import { createNetwork } from "../src/network.ts";
import { trainNetwork } from "../src/training.ts";

useEngine();
// Two engines on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const length = 30;
const { inputSize, outputSize } = addingTask;

function ratioAtFirst(cell: CellName, start: { scale?: number; remember?: number }): number {
  const random = createRandom(1);
  const network = createNetwork({ cell, inputSize, outputSize, units: 16, ...start }, random);
  const batch = addingTask.sample(length, 8, random);
  const { ratio } = throughTime(gradientThroughTime(network, batch));
  batch.dispose();
  network.dispose();
  return ratio;
}

/** Trains on the adding problem and measures the gradient. */
async function train(
  kind: NetworkKind,
  { units = 16, ...settings }: { clipNorm: number | undefined; steps: number; units?: number },
) {
  const { cell, scale = 1 } = kind;
  const sizes = { cell, inputSize, outputSize, units, remember: length, scale };
  const network = createNetwork(sizes, createRandom(1));
  const folder = temporaryDirectory();
  const curves = await trainNetwork(network, {
    ...settings,
    task: addingTask,
    length,
    kind,
    seed: 1,
    folder,
  });
  const batch = addingTask.sample(length, 8, createRandom(2));
  const { ratio } = throughTime(gradientThroughTime(network, batch));
  batch.dispose();
  network.dispose();
  expect(readdirSync(folder)).toEqual([]);
  return { curves, ratio };
}

test("a vanilla network's gradient vanishes or explodes with its weights; gates preserve it", () => {
  const vanishing = ratioAtFirst("rnn", { scale: 0.5 });
  expect(vanishing).toBeLessThan(1e-7);
  expect(ratioAtFirst("rnn", { scale: 2 })).toBeGreaterThan(100);
  for (const cell of ["lstm", "gru"] as const) {
    const ratio = ratioAtFirst(cell, { remember: length });
    expect(ratio).toBeGreaterThan(1e4 * vanishing);
    expect(ratio).toBeLessThan(1);
  }
});

test("gates with the usual biases forget sooner than those for the sequence length", () => {
  const usual = ratioAtFirst("gru", {});
  expect(usual).toBeLessThan(1e-3 * ratioAtFirst("gru", { remember: length }));
});

test("measures the gradient with respect to each hidden state", () => {
  const random = createRandom(1);
  const network = createNetwork({ cell: "rnn", inputSize, outputSize, units: 4 }, random);
  const batch = addingTask.sample(5, 3, random);
  const norms = gradientThroughTime(network, batch);
  expect(norms).toHaveLength(5);
  // The readout uses the last state: dL/dh_T = dL/dy W^T.
  const last = tf.tidy(() => {
    const hidden = network.read(batch.input);
    return tf.norm(tf.grad((h) => batch.recallLoss(h as tf.Tensor3D, network.readout))(hidden));
  });
  expectClose(norms.at(-1) ?? 0, last);
});

test("after some training, far less gradient reaches the start in the vanilla network than in the LSTM", async () => {
  const [, vanillaKind, lstmKind] = networkKinds;
  const ratios: number[] = [];
  for (const kind of [vanillaKind, lstmKind]) {
    if (kind) ratios.push((await train(kind, { clipNorm: 1, steps: 40 })).ratio);
  }
  const [vanilla = 1, lstm = 0] = ratios;
  expect(vanilla).toBeLessThan(lstm / 10);
});

test("a study measures each scale, and each network with and without clipping", async () => {
  const out = temporaryDirectory();
  const progress: number[] = [];
  const options = { tasks: ["copy" as const], lengths: [4], steps: 3, units: 4, out };
  let study = await studyGradients(options);
  await expectNoLeak(async () => {
    study = await studyGradients({
      ...options,
      onProgress: (done, total) => progress.push(done / total),
    });
  });
  expect(readdirSync(out)).toEqual([]);
  expect(study.starts.map(({ scale }) => scale)).toEqual([0.7, 1, 1.5, 2]);
  expect(study.trainings.map(({ network, clipNorm }) => [network, clipNorm])).toEqual(
    networkKinds.flatMap(({ name }) => [
      [name, null],
      [name, 1],
    ]),
  );
  expect(progress).toHaveLength(8 * 3);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  for (const training of study.trainings) {
    expect(training.losses).toHaveLength(3);
    expect(training.before).toHaveLength(14);
    expect(training.after).not.toEqual(training.before);
  }
  // Clipping has no effect before the first update.
  const [free, clipped] = study.trainings;
  expect(clipped?.before).toEqual(free?.before);
  expect(clipped?.gradientNorms[0]).toBe(free?.gradientNorms[0]);
  const again = await studyGradients(options);
  expect(again).toEqual(study);
});

test("an exploding gradient makes the loss explode without clipping, but not with it", async () => {
  const [steps, units] = [60, 32];
  const free = await train(exploding, { clipNorm: undefined, steps, units });
  expect(Math.max(...free.curves.gradientNorms)).toBeGreaterThan(1e4);
  const { losses, divergedAt } = (await train(exploding, { clipNorm: 1, steps, units })).curves;
  expect(Math.max(...free.curves.losses)).toBeGreaterThan(1e3);
  expect(divergedAt).toBe(null);
  expect(losses).toHaveLength(steps);
  expect(Math.max(...losses.slice(-10))).toBeLessThan(1);
});

test("reports the update at which the loss is no longer finite", async () => {
  const far = { ...exploding, optimizer: { name: "sgd", learningRate: 1e18 } } as const;
  const { curves, ratio } = await train(far, { clipNorm: undefined, steps: 10, units: 32 });
  expect(curves.divergedAt).toBe(curves.losses.length + 1);
  expect(curves.divergedAt).toBeLessThan(10);
  expect(ratio).not.toBeGreaterThan(0);
});
