/**
 * Statistical, recurrent and attentive translation side by side, of Multi30k from English to German: how good, how
 * large, how long to train, and whether a Transformer is as good as the best recurrent network in a quarter of the time.
 *
 *   pnpm --filter @attend/benchmarks translation-compare
 *
 * It takes hours, can be stopped at any moment, and goes on when it is called again. `--only smt,gnmt` runs some
 * systems, `--quick` a small part of everything, `--out DIR` says where everything is kept (default runs/compare
 * of the repository), `--json FILE` writes the numbers; further `--epochs`, `--patience`, `--smt-sentences` and
 * `--learning-rate gnmt=0.001`. PYTHON names a Python with NLTK, THREADS how many threads there are.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { onInterrupt } from "@attend/cli-kit";
import { scoreSacreBleu } from "@attend/metrics";
import { AttendError, loadEngine } from "@attend/runtime";
import { givenPath } from "../support/given-path.ts";
import { describeMachine, printMachine, threadLimits } from "../support/machine.ts";
import { readData, sampleLines } from "./compare/data.ts";
import { type Run, runNeural } from "./compare/neural.ts";
import { type Finished, printReport, raceOf } from "./compare/report.ts";
import { runStatistical } from "./compare/statistical.ts";
import { neuralSystems, statisticalSystem, systemNames } from "./compare/systems.ts";
import { readSaid } from "./compare/test-scores.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: systemNames.join(",") },
    quick: { type: "boolean", default: false },
    out: { type: "string" },
    json: { type: "string" },
    epochs: { type: "string" },
    patience: { type: "string", default: "4" },
    "smt-sentences": { type: "string" },
    "learning-rate": { type: "string", multiple: true, default: [] },
  },
});
const abort = new AbortController();
const release = onInterrupt(() => abort.abort());
try {
  await compare();
} catch (thrown) {
  if (!AttendError.isInstance(thrown)) throw thrown;
  const interrupted = thrown.code === "INTERRUPTED";
  const line = interrupted ? "stopped; the same command goes on" : `error: ${thrown.message}`;
  process.stderr.write(`${line}\n`);
  process.exitCode = interrupted ? 130 : 1;
} finally {
  release();
}

async function compare(): Promise<void> {
  const chosen = flags.only.split(",");
  const unknown = chosen.find((name) => !systemNames.includes(name));
  if (unknown !== undefined) {
    const message = `--only names ${unknown}, which is none of ${systemNames.join(", ")}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const machine = describeMachine();
  Object.assign(process.env, threadLimits, { TF_CPP_MIN_LOG_LEVEL: "2" });
  const { library } = await loadEngine({ engine: "native" });
  printMachine(machine, [library]);
  const { quick } = flags;
  const folder = fileURLToPath(
    new URL(`../../runs/compare${quick ? "-quick" : ""}`, import.meta.url),
  );
  const run: Run = {
    data: await readData(quick),
    out: flags.out === undefined ? folder : givenPath(flags.out),
    vocabularySize: quick ? 2000 : 8000,
    epochs: wholeNumber("epochs", flags.epochs ?? (quick ? "2" : "30")),
    patience: wholeNumber("patience", flags.patience),
    smtSentences: wholeNumber("smt-sentences", flags["smt-sentences"] ?? (quick ? "20" : "200")),
    busy: machine.busy,
    signal: abort.signal,
  };
  const systems = await runAll(chosen, run);
  const sample = await scoreSample(systems, run);
  printReport(systems, run.data.test.length, sample);
  if (flags.json !== undefined) {
    const { data: _, signal: __, out: ___, ...settings } = run;
    const all = { machine, library, settings, systems, race: raceOf(systems), sample };
    await writeFile(givenPath(flags.json), `${JSON.stringify(all, null, 1)}\n`);
  }
}

async function runAll(chosen: readonly string[], run: Run): Promise<Finished[]> {
  const learningRates = new Map(flags["learning-rate"].map(learningRateOf));
  const systems: Finished[] = [];
  if (chosen.includes(statisticalSystem.name)) {
    const record = await runStatistical(run);
    systems.push({ ...statisticalSystem, kind: "statistical", record });
  }
  for (const system of neuralSystems.filter(({ name }) => chosen.includes(name))) {
    const { name, title, network } = system;
    const learningRate = learningRates.get(name) ?? system.learningRate;
    const record = await runNeural({ ...system, learningRate }, run);
    const kind = network.kind === "seq2seq" ? "recurrent" : network.kind;
    systems.push({ name, title, kind, record });
  }
  return systems;
}

/** BLEU of every system on the sentences of the statistical one, where those are not all. */
async function scoreSample(systems: readonly Finished[], { data, out }: Run) {
  const statistical = systems.find(({ kind }) => kind === "statistical");
  const count = statistical?.record.test?.sentences ?? data.test.length;
  if (count === data.test.length) return undefined;
  const lines = sampleLines(data.test.length, count);
  const references = lines.map((line) => data.test[line]?.target ?? "");
  const bleu: Record<string, number> = {};
  for (const { name, kind } of systems) {
    const all = await readSaid(join(out, name));
    const said = kind === "statistical" ? all : lines.map((line) => all[line] ?? "");
    bleu[name] = scoreSacreBleu(said, references).score;
  }
  return { lines: count, bleu };
}

function learningRateOf(given: string): [string, number] {
  const [name = "", value] = given.split("=");
  const rate = Number(value);
  const known = neuralSystems.some((system) => system.name === name);
  if (known && rate > 0) return [name, rate];
  const message = `--learning-rate takes a network and a number above 0, such as gnmt=0.001, not ${given}`;
  throw new AttendError("BAD_ARGUMENT", message);
}

function wholeNumber(option: string, given: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value > 0) return value;
  const message = `--${option} takes a whole number above 0, not ${given}`;
  throw new AttendError("BAD_ARGUMENT", message);
}
