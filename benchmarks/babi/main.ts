/**
 * Trains the readers of `@attend/story-readers` on the 20 bAbI tasks, 1,000 questions each, and prints the table of wrong
 * answers beside published ones.
 *
 *   pnpm --filter @attend/benchmarks babi
 *
 * It takes hours. You can stop it at any time and continue with the same command; what is done is only printed.
 * `--readers lstm,memory-network` and `--tasks 1,2,15` select some, `--joint` trains one network on all tasks instead of
 * one for each, `--epochs N` and `--trials N` train longer or shorter, `--out DIR` is where results are stored (default:
 * runs/babi in the repository), `--json FILE` writes the numbers. Two commands with different tasks or readers may run side
 * by side. THREADS is the number of threads.
 *
 * A tenth of each training part is held out to choose the epoch and the training; the test is read only for the table.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadEngine } from "@attend/runtime";
import { chosen, positiveInteger } from "../support/flags.ts";
import { describeMachine, printMachine, threadLimits } from "../support/machine.ts";
import { runResumable } from "../support/resumable.ts";
import { userPath } from "../support/user-path.ts";
import { measureReader, type Trial } from "./measure.ts";
import { type ReaderKind, readerKinds, recipeOf } from "./recipes.ts";
import { readSets } from "./sets.ts";
import { formatTable } from "./table.ts";

const defaultOut = fileURLToPath(new URL("../../runs/babi", import.meta.url));
const allTasks = Array.from({ length: 20 }, (_, i) => `${i + 1}`);

const { values: flags } = parseArgs({
  options: {
    readers: { type: "string", default: readerKinds.join(",") },
    tasks: { type: "string", default: allTasks.join(",") },
    joint: { type: "boolean", default: false },
    epochs: { type: "string" },
    trials: { type: "string" },
    out: { type: "string" },
    json: { type: "string" },
  },
});
await runResumable(compare);

async function compare(signal: AbortSignal): Promise<void> {
  const kinds = chosen("readers", flags.readers, readerKinds);
  const tasks = chosen("tasks", flags.tasks, allTasks).map(Number);
  const [epochs, trials] = [
    positiveInteger("epochs", flags.epochs),
    positiveInteger("trials", flags.trials),
  ];
  const machine = describeMachine();
  Object.assign(process.env, threadLimits, { TF_CPP_MIN_LOG_LEVEL: "2" });
  const { library } = await loadEngine({ engine: "native" });
  printMachine(machine, [library]);
  const out = flags.out === undefined ? defaultOut : userPath(flags.out);
  const { sets, names } = await readSets(tasks, flags.joint);
  const errors = new Map<ReaderKind, Map<number, number>>(kinds.map((kind) => [kind, new Map()]));
  const results: Record<string, Record<string, Trial>> = {};
  for (const set of sets) {
    for (const kind of kinds) {
      const recipe = recipeOf(kind, { joint: flags.joint, epochs, trials });
      const trial = await measureReader(set, kind, recipe, { out, signal });
      results[kind] = { ...results[kind], [set.name]: trial };
      for (const [task, error] of Object.entries(trial.errors)) {
        errors.get(kind)?.set(Number(task), error);
        console.log(`${task} ${names.get(Number(task))}, ${kind}: ${(100 * error).toFixed(1)} %`);
      }
    }
  }
  console.log(`\n${formatTable(names, errors)}`);
  if (flags.json === undefined) return;
  const text = JSON.stringify({ machine, library, joint: flags.joint, results }, null, 1);
  await writeFile(userPath(flags.json), `${text}\n`);
}
