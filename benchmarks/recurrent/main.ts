/**
 * Recurrent networks, forward alone and with backward: ours, torch.nn and tf.layers, taking turns
 * in one run.
 *
 *   pnpm --filter @attend/benchmarks recurrent
 *
 * `--only lstm,gru` selects cells, `--quick` uses fewer repetitions, `--json FILE` writes the numbers.
 * PYTHON selects a Python with torch (default: python3), THREADS the number of threads of each side
 * (default: every core).
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, printMachine, python, threadLimits } from "../support/machine.ts";
import { median, takeTurns } from "../support/measure.ts";
import { startWorker, type Worker } from "../support/worker.ts";
import { type Network, nameOf, networks, type Pass } from "./networks.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "rnn,lstm,gru" },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
  },
});

/** Of one side in one turn. */
const effort = flags.quick ? { repeats: 3, seconds: 1 } : { repeats: 20, seconds: 4 };
const rounds = flags.quick ? 1 : 3;

/** Each network runs in a separate process, so that its peak memory can be measured. */
const sides: Readonly<Record<"ours" | "torch" | "layers", () => Worker>> = {
  ours: () => startNode("attend-side.ts"),
  torch: () => startWorker(python, [pathOf("torch_side.py")], threadLimits),
  layers: () => startNode("layers-side.ts"),
};
type Side = keyof typeof sides;
type Numbers = Readonly<Record<Side, number>>;

const machine = describeMachine();
const versions = await withSides(async (workers) =>
  Promise.all([workers.ours, workers.torch].map(async (worker) => versionOf(worker))),
);
printMachine(machine, versions);
console.log(
  "\n| network | batch x steps x units | pass | ours | torch.nn | ratio | tf.layers | times ours | peak: ours | torch.nn | tf.layers |",
);
console.log("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
const results = [];
for (const network of networks.filter(({ cell }) => flags.only.split(",").includes(cell))) {
  const measured = await withSides((workers) => measure(network, workers));
  results.push({ ...network, ...measured });
  printRow(network, "forward", measured.forward);
  printRow(network, "both", measured.both, measured.peak);
}
if (flags.json !== undefined) {
  await writeFile(flags.json, `${JSON.stringify({ machine, versions, results }, null, 1)}\n`);
}

/** Milliseconds of each pass, and the peak resident set size in MB. */
async function measure(network: Network, workers: Readonly<Record<Side, Worker>>) {
  const all = Object.values(workers);
  for (const worker of all) await worker.ask("prepare", network);
  const timesOf = async (pass: Pass): Promise<Numbers> => {
    const turns = all.map((worker) => async () => {
      const { times } = await worker.ask<{ times: number[] }>("run", { pass, ...effort });
      return times;
    });
    const [ours = [], torch = [], layers = []] = await takeTurns(rounds, turns);
    return { ours: median(ours), torch: median(torch), layers: median(layers) };
  };
  const forward = await timesOf("forward");
  const both = await timesOf("both");
  const peakOf = async (side: Side) =>
    (await workers[side].ask<{ bytes: number }>("peak")).bytes / 1e6;
  const [ours, torch, layers] = [
    await peakOf("ours"),
    await peakOf("torch"),
    await peakOf("layers"),
  ];
  return { forward, both, peak: { ours, torch, layers } };
}

function printRow(network: Network, pass: Pass, times: Numbers, peak?: Numbers): void {
  const { batch, steps, units } = network;
  const ms = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ms`;
  const mb = (value: number | undefined) => (value === undefined ? "" : `${value.toFixed(0)} MB`);
  const columns = [
    nameOf(network),
    `${batch} x ${steps} x ${units}`,
    pass === "both" ? "forward and backward" : pass,
    ms(times.ours),
    ms(times.torch),
    (times.ours / times.torch).toFixed(2),
    ms(times.layers),
    (times.layers / times.ours).toFixed(1),
    mb(peak?.ours),
    mb(peak?.torch),
    mb(peak?.layers),
  ];
  console.log(`| ${columns.join(" | ")} |`);
}

async function withSides<Result>(
  use: (workers: Readonly<Record<Side, Worker>>) => Promise<Result>,
): Promise<Result> {
  const workers = { ours: sides.ours(), torch: sides.torch(), layers: sides.layers() };
  try {
    return await use(workers);
  } finally {
    await Promise.all(Object.values(workers).map((worker) => worker.close()));
  }
}

async function versionOf(worker: Worker): Promise<string> {
  return (await worker.ask<{ version: string }>("version")).version;
}

function startNode(script: string): Worker {
  const env = { ...threadLimits, TF_CPP_MIN_LOG_LEVEL: "2" };
  // `execArgv` contains the flags that let Node run TypeScript.
  return startWorker(process.execPath, [...process.execArgv, pathOf(script)], env);
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
