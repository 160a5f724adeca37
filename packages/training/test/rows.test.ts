import { join } from "node:path";
import { Linear, Module, readSafetensors } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import type { Place } from "@attend/runtime/group";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  createSlot,
  ownRows,
  parseTrainingConfig,
  readLog,
  type TrainingTask,
  train,
} from "../src/index.ts";
import { groupOf } from "./support/group.ts";

useEngine();

const [rows, inputs, units, batches] = [5, 3, 4, 6];

class Network extends Module {
  readonly cell = new Linear(inputs + units, units, createRandom(1));
}

/** A recurrent network on {@link rows} endless sequences, a step a batch; a process has some of the rows. */
function createTask({ cell }: Network, place: Place, drawn: number[]) {
  const { first, count } = ownRows(rows, place);
  const state = createSlot(tf.zeros([count, units]));
  const task: TrainingTask<number, tf.Tensor> = {
    carried: { rows, slots: new Map([["h", state]]) },
    plan: (epoch) => Array.from({ length: batches }, (_, i) => epoch * batches + i),
    async load(index) {
      const random = createRandom(index);
      const values = Array.from({ length: rows * inputs }, () => random.normal());
      return tf.tidy(() => tf.slice(tf.tensor(values, [rows, inputs]), first, count));
    },
    loss(batch, random) {
      drawn.push(random.uniform());
      const after = tf.tanh(cell.forward(tf.concat([batch, state.read()], 1)));
      state.write(after);
      const loss = tf.mean<tf.Scalar>(tf.square(tf.sub(after, 0.5)));
      return { loss, items: count, metrics: { activity: tf.mean<tf.Scalar>(tf.abs(after)) } };
    },
    release: (batch) => batch.dispose(),
  };
  return { task, state };
}

interface Options {
  readonly accumulate?: number;
  /** A training to resume. */
  readonly out?: string;
  /** Stops after this step. */
  readonly until?: number;
}

async function run(processes: number, { accumulate = 1, until, ...options }: Options = {}) {
  const optimizer = { name: "sgd", learningRate: 0.5, momentum: 0.9 } as const;
  const config = parseTrainingConfig(
    { epochs: 3, optimizer, accumulate, clipNorm: 0.1, tensorboard: false },
    "test",
  );
  const out = options.out ?? temporaryDirectory();
  const controller = new AbortController();
  const all = groupOf(processes).map((group) => {
    const [network, drawn]: [Network, number[]] = [new Network(), []];
    return { group, network, drawn, ...createTask(network, group, drawn) };
  });
  const ended = await Promise.allSettled(
    all.map(({ network, task, group }) =>
      train(network, task, config, {
        ...{ out, group, resume: options.out !== undefined, signal: controller.signal },
        onEvent({ type, step }) {
          if (type === "step" && step === until) controller.abort();
        },
      }),
    ),
  );
  const weights = all.map(({ network }) => Float32Array.from(network.cell.kernel.dataSync()));
  for (const { network, state } of all) {
    network.dispose();
    state.dispose();
  }
  const failures = ended.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  const { tensors } = await readSafetensors(join(out, "latest.safetensors"));
  const log = await readLog(join(out, "log.jsonl"));
  return { out, weights, failures, tensors, log, drawn: all.map(({ drawn }) => drawn) };
}

type Outcome = Awaited<ReturnType<typeof run>>;

function expectSame(parts: Outcome, whole: Outcome): void {
  expect(parts.failures).toEqual([]);
  for (const weights of parts.weights) expect(weights).toEqual(parts.weights[0]);
  expect(parts.tensors.get("carried/h")?.shape).toEqual([rows, units]);
  expect([...parts.tensors.keys()]).toEqual([...whole.tensors.keys()]);
  for (const [name, { data }] of whole.tensors) {
    expectClose(parts.tensors.get(name)!.data, data, 1e-5);
  }
  expect(parts.log.length).toBe(whole.log.length);
  for (const [i, entry] of whole.log.entries()) {
    const other = parts.log[i]!;
    if (entry.type !== "step" || other.type !== "step") throw new Error("not a step");
    expect([other.step, other.epoch]).toEqual([entry.step, entry.epoch]);
    expect(other.loss).toBeCloseTo(entry.loss, 5);
    expect(other.metrics["activity"]).toBeCloseTo(entry.metrics["activity"] ?? Number.NaN, 5);
  }
}

test.each([
  [2, 1],
  [3, 2],
  [5, 1],
])(
  "%i processes that accumulate %i batches compute what one does",
  async (processes, accumulate) => {
    expectSame(await run(processes, { accumulate }), await run(1, { accumulate }));
  },
);

test("every run of as many processes gives the same bits, without a leak", async () => {
  const first = await run(3);
  await expectNoLeak(async () => {
    const { tensors } = await run(3);
    expect(tensors).toEqual(first.tensors);
  });
});

describe("a training goes on", () => {
  test.each([
    [1, 2],
    [2, 1],
    [2, 3],
  ])("that %i processes have begun, in %i", async (before, after) => {
    const stopped = await run(before, { until: 8 });
    expect(stopped.failures.map(({ code }) => code)).toEqual(Array(before).fill("INTERRUPTED"));
    expectSame(await run(after, { out: stopped.out }), await run(1));
  });

  test("in as many, with the same bits", async () => {
    const { out } = await run(2, { until: 8 });
    expect((await run(2, { out })).tensors).toEqual((await run(2)).tensors);
  });
});

test("processes draw different random numbers, the first those of one alone", async () => {
  const [alone] = (await run(1)).drawn;
  const [first, second] = (await run(2)).drawn;
  expect(first).toEqual(alone);
  expect(second!.length).toBe(alone!.length);
  expect(second!.filter((number) => alone!.includes(number))).toEqual([]);
});

test.each([
  [32, 4],
  [5, 3],
  [3, 5],
])("%i rows are divided evenly among %i", (count, size) => {
  const parts = Array.from({ length: size }, (_, rank) => ownRows(count, { rank, size }));
  expect(parts.reduce((end, part) => (part.first === end ? end + part.count : -1), 0)).toBe(count);
  const counts = parts.map((part) => part.count);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});
