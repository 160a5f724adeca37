/**
 * Compares the chatbot's answers from a FAQ with the same in Python: MiniLM by PyTorch (the same weights) or onnxruntime
 * (int8 weights), and the nearest pair by cosine. Medians of all sides.
 *
 *   pnpm --filter @attend/benchmarks chat
 *
 * PYTHON selects a Python with what sentences/encoder.py names (default: python3), THREADS the number of threads of each
 * side (default: every core), `--rounds N` how often everything is measured, `--only start,questions,training` some parts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findMiniLm } from "@attend/sentence-vectors";
import { chosen, positiveInteger } from "../support/flags.ts";
import { describeMachine, printMachine, python, threadLimits } from "../support/machine.ts";
import { median, takeTurns } from "../support/measure.ts";
import { startWorker, type Worker } from "../support/worker.ts";
import { asked, madePairs } from "./pairs.ts";

const parts = ["start", "questions", "training"] as const;
const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: parts.join(",") },
  },
});
const rounds = positiveInteger("rounds", flags.rounds) ?? 1;
const only = chosen("only", flags.only, parts);
const model = findMiniLm();
if (model === undefined) throw new Error("MiniLM is not installed: run `pnpm install`");

const machine = describeMachine();
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const env = { ...threadLimits, TF_CPP_MIN_LOG_LEVEL: "2" };
const starts = [
  () => startWorker(process.execPath, [...process.execArgv, path("attend-side.ts")], env),
  () => startWorker(python, [path("python_side.py"), "torch", model], env),
  () => startWorker(python, [path("python_side.py"), "onnx", model], env),
];
const sides = starts.map((start) => start());

/** Milliseconds of a question. */
interface Time {
  readonly wall: number;
  readonly processor: number;
}

try {
  const versions = await Promise.all(sides.map((side) => side.ask<{ version: string }>("version")));
  printMachine(
    machine,
    versions.map(({ version }) => version),
  );
  console.log("\n| measured | ours | PyTorch | onnxruntime, int8 |");
  console.log("| --- | ---: | ---: | ---: |");
  if (only.includes("start")) await measureStart();
  if (only.includes("questions")) {
    for (const count of [100, 1000, 10_000]) await measureQuestions(count);
  }
  if (only.includes("training")) await measureTraining();
} finally {
  await Promise.all(sides.map((side) => side.close()));
}

/** From the start of a process to the answer: the built command line, and Python with a FAQ of 100 pairs. */
async function measureStart(): Promise<void> {
  const cli = path("../../apps/chatbot-qa/dist/cli.js");
  const ours = async () => {
    const child = spawn(process.execPath, [cli, "How do I caption a photo?"], {
      ...{ stdio: "ignore", env: { ...process.env, ...env } },
    });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`${cli} failed; build it with pnpm build`);
  };
  const theirs = starts.slice(1).map((start) => async () => {
    const side = start();
    await side.ask("fill", { pairs: madePairs(100) });
    await ask(side);
    await side.close();
  });
  const runs = [ours, ...theirs].map((run) => () => seconds(run));
  await takeTurns(1, runs); // loads the files into memory
  printRow("start to the first answer, cold", await takeTurns(rounds, runs), "s");
}

async function measureQuestions(count: number): Promise<void> {
  const pairs = madePairs(count);
  for (const side of sides) await side.ask("fill", { pairs });
  const runs = sides.map((side) => () => ask(side));
  await takeTurns(1, runs);
  const times = await takeTurns(rounds, runs);
  const ofKey = (key: keyof Time) => times.map((each) => each.map((time) => time[key]));
  const what = `a question, FAQ of ${count.toLocaleString("en")} pairs, warm`;
  printRow(what, ofKey("wall"), "ms");
  printRow("- of the processor", ofKey("processor"), "ms");
}

async function measureTraining(): Promise<void> {
  const pairs = madePairs(500);
  const runs = sides.map((side) => async () => {
    return [(await side.ask<{ seconds: number }>("teach", { pairs })).seconds];
  });
  printRow("training on 500 pairs", await takeTurns(Math.min(rounds, 3), runs), "s");
}

async function ask(side: Worker): Promise<Time[]> {
  return (await side.ask<{ times: Time[] }>("ask", { texts: asked })).times;
}

async function seconds(run: () => Promise<void>): Promise<number[]> {
  const begin = performance.now();
  await run();
  return [(performance.now() - begin) / 1000];
}

function printRow(what: string, values: readonly (readonly number[])[], unit: string): void {
  const cells = values.map((each) => `${median(each).toPrecision(3)} ${unit}`);
  console.log(`| ${[what, ...cells].join(" | ")} |`);
}
