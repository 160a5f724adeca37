/**
 * Compares statistical, recurrent, convolutional and Transformer translation on Multi30k from English to German: quality,
 * size, training time, and whether a Transformer matches the best recurrent network in a quarter of the time.
 *
 *   pnpm --filter @attend/benchmarks translation-compare
 *
 * It takes hours. You can stop it at any time and continue with the same command. `--only smt,gnmt` selects
 * systems, `--quick` runs a small part of everything, `--out DIR` is where results are stored (default: runs/compare
 * in the repository), `--json FILE` writes the numbers. More options: `--epochs`, `--patience`, `--smt-sentences` and
 * `--learning-rate gnmt=0.001`. PYTHON selects a Python with NLTK, THREADS the number of threads.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { scoreSacreBleu } from "@attend/metrics";
import { AttendError, loadEngine } from "@attend/runtime";
import { describeMachine, printMachine, threadLimits } from "../support/machine.ts";
import { runResumable } from "../support/resumable.ts";
import { userPath } from "../support/user-path.ts";
import { readData, sampleLines } from "./compare/data.ts";
import { type Run, runNeural } from "./compare/neural.ts";
import { type Finished, printReport, raceOf } from "./compare/report.ts";
import { runStatistical } from "./compare/statistical.ts";
import { neuralSystems, statisticalSystem, systemNames } from "./compare/systems.ts";
import { readTranslations } from "./compare/test-scores.ts";

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
await runResumable(compare);

async function compare(signal: AbortSignal): Promise<void> {
  const chosen = flags.only.split(",");
  const unknown = chosen.find((name) => !systemNames.includes(name));
  if (unknown !== undefined) {
    const message = `--only names the unknown system ${unknown}; choose from ${systemNames.join(", ")}`;
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
    out: flags.out === undefined ? folder : userPath(flags.out),
    vocabularySize: quick ? 2000 : 8000,
    epochs: positiveInteger("epochs", flags.epochs ?? (quick ? "2" : "30")),
    patience: positiveInteger("patience", flags.patience),
    smtSentences: positiveInteger(
      "smt-sentences",
      flags["smt-sentences"] ?? (quick ? "20" : "200"),
    ),
    busy: machine.busy,
    signal,
  };
  const systems = await runAll(chosen, run);
  const sample = await scoreSample(systems, run);
  printReport(systems, run.data.test.length, sample);
  if (flags.json !== undefined) {
    const { data: _, signal: __, out: ___, ...settings } = run;
    const all = { machine, library, settings, systems, race: raceOf(systems), sample };
    await writeFile(userPath(flags.json), `${JSON.stringify(all, null, 1)}\n`);
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

/** BLEU of every system on the statistical system's sentences, unless those are all sentences. */
async function scoreSample(systems: readonly Finished[], { data, out }: Run) {
  const statistical = systems.find(({ kind }) => kind === "statistical");
  const count = statistical?.record.test?.sentences ?? data.test.length;
  if (count === data.test.length) return undefined;
  const lines = sampleLines(data.test.length, count);
  const references = lines.map((line) => data.test[line]?.target ?? "");
  const bleu: Record<string, number> = {};
  for (const { name, kind } of systems) {
    const all = await readTranslations(join(out, name));
    const translations = kind === "statistical" ? all : lines.map((line) => all[line] ?? "");
    bleu[name] = scoreSacreBleu(translations, references).score;
  }
  return { lines: count, bleu };
}

function learningRateOf(option: string): [string, number] {
  const [name = "", value] = option.split("=");
  const rate = Number(value);
  const known = neuralSystems.some((system) => system.name === name);
  if (known && rate > 0) return [name, rate];
  const message = `--learning-rate takes a network and a positive number, such as gnmt=0.001, not ${option}`;
  throw new AttendError("BAD_ARGUMENT", message);
}

function positiveInteger(option: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  const message = `--${option} takes a positive integer, not ${value}`;
  throw new AttendError("BAD_ARGUMENT", message);
}
