/**
 * Compares every way to join an image and a question on easy-VQA and DAQUAR: accuracy, parameters, seconds per epoch.
 *
 *   pnpm --filter @attend/benchmarks vqa-fusions
 *
 * It takes hours. You can stop it at any time and continue with the same command. `--data easy-vqa` selects a set,
 * `--only blind,stacked` fusions, `--epochs N` trains longer or shorter, `--limit N` uses only N questions of each part,
 * `--out DIR` is where results are stored (default: runs/vqa-fusions in the repository), `--json FILE` writes the
 * numbers. THREADS is the number of threads.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AttendError, loadEngine } from "@attend/runtime";
import { fusionConfigSchema } from "@attend/vqa-fusion";
import { chosen, positiveInteger } from "../support/flags.ts";
import { describeMachine, printMachine, threadLimits } from "../support/machine.ts";
import { runResumable } from "../support/resumable.ts";
import { userPath } from "../support/user-path.ts";
import { type Measured, measureFusion } from "./fusions/measure-fusion.ts";
import { type FusionSet, readSet, setNames } from "./fusions/sets.ts";

/** Without the one that learns from captions, which these sets lack. */
const kinds = fusionConfigSchema.options
  .map(({ shape }): string => shape.kind.value)
  .filter((kind) => kind !== "word-guided");

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: setNames.join(",") },
    only: { type: "string", default: kinds.join(",") },
    epochs: { type: "string" },
    limit: { type: "string" },
    out: { type: "string" },
    json: { type: "string" },
  },
});
await runResumable(compare);

async function compare(signal: AbortSignal): Promise<void> {
  const names = chosen("data", flags.data, setNames);
  const only = chosen("only", flags.only, kinds);
  const [epochs, limit] = [
    positiveInteger("epochs", flags.epochs),
    positiveInteger("limit", flags.limit),
  ];
  const machine = describeMachine();
  Object.assign(process.env, threadLimits, { TF_CPP_MIN_LOG_LEVEL: "2" });
  const { library } = await loadEngine({ engine: "native" });
  printMachine(machine, [library]);
  const results: Record<string, Record<string, Measured>> = {};
  for (const name of names) {
    const set = await readOrSkip(name, limit);
    if (set === undefined) continue;
    const out = join(flags.out === undefined ? defaultOut() : userPath(flags.out), name);
    const measured: Record<string, Measured> = {};
    for (const kind of only) {
      const options = { out, epochs, busy: machine.busy, signal };
      measured[kind] = await measureFusion(set, kind, options);
    }
    printSet(set, measured);
    results[name] = measured;
  }
  if (flags.json === undefined) return;
  await writeFile(
    userPath(flags.json),
    `${JSON.stringify({ machine, library, results }, null, 1)}\n`,
  );
}

async function readOrSkip(name: string, limit: number | undefined): Promise<FusionSet | undefined> {
  try {
    return await readSet(name, limit);
  } catch (thrown) {
    if (!(AttendError.isInstance(thrown) && thrown.code === "DATA_MISSING")) throw thrown;
    console.log(`\n${name} is skipped: ${thrown.message}`);
    return undefined;
  }
}

function printSet(
  { name, train, validation, test }: FusionSet,
  measured: Readonly<Record<string, Measured>>,
): void {
  const counts = [train, validation, test].map((rows) => rows.length.toLocaleString("en"));
  console.log(
    `\n${name}: trained on ${counts[0]} questions, epoch chosen on ${counts[1]}, tested on ${counts[2]}\n`,
  );
  const scores = Object.keys(Object.values(measured)[0]?.scores ?? {});
  console.log(`| ${["fusion", "parameters", "s/epoch", "epochs (best)", ...scores].join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(3 + scores.length)}`);
  for (const [kind, each] of Object.entries(measured)) {
    const cells = [
      each.parameters.toLocaleString("en"),
      each.secondsPerEpoch.toPrecision(3),
      `${each.epochs} (${each.bestEpoch})`,
      ...Object.values(each.scores).map((score) => score.toFixed(3)),
    ];
    console.log(`| ${kind} | ${cells.join(" | ")} |`);
  }
  const busy = Object.entries(measured).flatMap(([kind, each]) => (each.busy ? [kind] : []));
  if (busy.length === 0) return;
  console.log(
    `\nWARNING: the machine was busy before ${busy.join(", ")}: these times mean little.`,
  );
}

function defaultOut(): string {
  return fileURLToPath(new URL("../../runs/vqa-fusions", import.meta.url));
}
