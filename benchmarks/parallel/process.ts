/**
 * A process of main.ts: trains a few updates with those that `mpirun` has started beside it; the first prints the times.
 * Gradients are summed during the backward pass, or `after` it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEngine } from "@attend/runtime";
import { joinGroup } from "@attend/runtime/group";
import { train } from "@attend/training";
import { median } from "../support/measure.ts";
import { captioner, type Training, transformer } from "./trainings.ts";

const [name, updates = "10", when] = process.argv.slice(2);
await loadEngine({ engine: "native" });
const group = await joinGroup();
const out = await mkdtemp(join(tmpdir(), "attend-parallel-"));
try {
  const times = await (name === "captioner"
    ? captioner(out).then(measure)
    : transformer().then(measure));
  if (group.rank === 0) process.stdout.write(`${JSON.stringify(times)}\n`);
} finally {
  await rm(out, { recursive: true });
}

/** Medians of an update, in seconds. */
async function measure<Plan, Batch>({ module, task, training }: Training<Plan, Batch>) {
  let [bytes, waiting, allReduce] = [0, 0, 0];
  let last = performance.now();
  const measured: { update: number; waiting: number; allReduce: number; bytes: number }[] = [];
  const held: Float32Array[] = [];
  const timed: typeof group = {
    ...group,
    startSum(values) {
      bytes += values.byteLength;
      if (when === "after") held.push(values);
      else group.startSum(values);
    },
    async finishSums() {
      const arrived = performance.now();
      await group.gather("arrived");
      const together = performance.now();
      for (const values of held.splice(0)) group.startSum(values);
      await group.finishSums();
      waiting += together - arrived;
      allReduce += performance.now() - together;
    },
  };
  await train(
    module,
    task,
    { ...training, maxSteps: Number(updates) + 1 },
    {
      out,
      group: timed,
      onEvent({ type }) {
        if (type !== "step") return;
        const now = performance.now();
        measured.push({ update: now - last, waiting, allReduce, bytes });
        [last, waiting, allReduce, bytes] = [now, 0, 0, 0];
      },
    },
  );
  // In the first one, kernels are loaded.
  const medianOf = (key: "update" | "waiting" | "allReduce") =>
    median(measured.slice(1).map((each) => each[key])) / 1000;
  return {
    bytes: measured.at(-1)?.bytes,
    update: medianOf("update"),
    waiting: medianOf("waiting"),
    allReduce: medianOf("allReduce"),
  };
}
