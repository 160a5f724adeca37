/**
 * Compares sentence vectors: MiniLM of ours with PyTorch (the same weights) and onnxruntime (int8 weights), and our static
 * vectors. Cosine with PyTorch's vectors; milliseconds and processor milliseconds of one sentence, and of each of 256.
 *
 *   pnpm --filter @attend/benchmarks sentences
 *
 * PYTHON selects a Python with what python_side.py names (default: python3), THREADS the number of threads of each side
 * (default: every core), `--rounds N` how often everything is measured.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cosine, findMiniLm } from "@attend/sentence-vectors";
import { describeMachine, printMachine, python, threadLimits } from "../support/machine.ts";
import { median, takeTurns } from "../support/measure.ts";
import { startWorker, type Worker } from "../support/worker.ts";
import { sentences } from "./sentences.ts";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const rounds = Number(flags.rounds);
const many = Array.from({ length: 256 }, (_, i) => sentences[i % sentences.length] ?? "");
const model = findMiniLm();
if (model === undefined) throw new Error("MiniLM is not installed: run `pnpm install`");

const machine = describeMachine();
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const env = { ...threadLimits, TF_CPP_MIN_LOG_LEVEL: "2" };
const ours = (name: string) =>
  startWorker(process.execPath, [...process.execArgv, script("attend-side.ts"), name], env);
const others = (name: string) => startWorker(python, [script("python_side.py"), name, model], env);
const sides = {
  "MiniLM, ours": ours("minilm"),
  PyTorch: others("torch"),
  "onnxruntime, int8": others("onnx"),
  "static, ours": ours("static"),
};

interface Time {
  readonly wall: number;
  readonly processor: number;
}

try {
  const workers = Object.values(sides);
  const answers = await Promise.all(
    workers.map((side) => side.ask<{ version: string }>("version")),
  );
  printMachine(machine, [...new Set(answers.map(({ version }) => version))]);
  const alike = await cosines();
  const single = await measure((side) => each(side));
  const together = await measure(async (side) => [await side.ask<Time>("time", { texts: many })]);
  console.log("\n| | cosine | one: ms | processor ms | 256: ms each | processor ms |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const [i, name] of Object.keys(sides).entries()) {
    const one = single[i] ?? [];
    const all = (together[i] ?? []).map(({ wall, processor }) => ({
      wall: wall / many.length,
      processor: processor / many.length,
    }));
    const cells = [alike[i] ?? "", ...times(one), ...times(all)];
    console.log(`| ${[name, ...cells].join(" | ")} |`);
  }
} finally {
  await Promise.all(Object.values(sides).map((side) => side.close()));
}

/** The smallest cosine with PyTorch's vectors; static vectors are none of the same space. */
async function cosines(): Promise<string[]> {
  const vectorsOf = async (side: Worker) =>
    (await side.ask<{ vectors: number[][] }>("vectors", { texts: sentences })).vectors;
  const reference = await vectorsOf(sides.PyTorch);
  const same = [sides["MiniLM, ours"], sides.PyTorch, sides["onnxruntime, int8"]];
  return Promise.all(
    same.map(async (side) => {
      const found = await vectorsOf(side);
      const values = found.map((vector, i) =>
        cosine(Float32Array.from(vector), Float32Array.from(reference[i] ?? [])),
      );
      return Math.min(...values).toFixed(5);
    }),
  );
}

async function each(side: Worker): Promise<Time[]> {
  const found: Time[] = [];
  for (const text of sentences) found.push(await side.ask<Time>("time", { texts: [text] }));
  return found;
}

/** By side; the first round warms up. */
async function measure(run: (side: Worker) => Promise<Time[]>): Promise<Time[][]> {
  const turns = Object.values(sides).map((side) => () => run(side));
  await takeTurns(1, turns);
  return takeTurns(rounds, turns);
}

function times(values: readonly Time[]): string[] {
  const ofKey = (key: keyof Time) => median(values.map((value) => value[key])).toPrecision(3);
  return [ofKey("wall"), ofKey("processor")];
}
