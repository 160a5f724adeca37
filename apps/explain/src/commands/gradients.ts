import { join } from "node:path";
import {
  createProgress,
  decimalOption,
  interruptible,
  options,
  printTable,
  wholeNumber,
  wholeOption,
  writeJsonLine,
  writeLine,
} from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  gateStarts,
  lengthRange,
  parseGradientOptions,
  type TaskName,
  taskNames,
} from "../config.ts";

interface GradientsFlags {
  readonly out: string;
  readonly tasks: TaskName[];
  readonly lengths: number[];
  readonly steps: number;
  readonly units: number;
  readonly seed: number;
  readonly clipNorm: number;
  readonly gates: (typeof gateStarts)[number];
  readonly json: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-explain gradients                                  both tasks, three lengths; takes a few minutes
  attend-explain gradients --tasks adding --lengths 40 --steps 300
  attend-explain gradients --gates usual --out runs/usual   gates with the usual initial biases
  attend-explain gradients --json --quiet > norms.jsonl     one line for each network`;

/** `attend-explain gradients`: measures and plots exploding and vanishing gradients. */
export function gradientsCommand(): Command {
  const defaults = parseGradientOptions({});
  return new Command("gradients")
    .description(
      "train a vanilla RNN, an LSTM and a GRU to remember, with and without clipping, and measure the gradient through time",
    )
    .optionsGroup("What to train:")
    .addOption(
      new Option("--tasks <names>", `tasks, from ${taskNames.join(",")}`)
        .argParser(listOf(taskName))
        .default(defaults.tasks, defaults.tasks.join(",")),
    )
    .addOption(
      new Option("--lengths <steps>", "numbers of steps to remember over")
        .argParser(listOf(wholeNumber(lengthRange)))
        .default(defaults.lengths, defaults.lengths.join(",")),
    )
    .addOption(
      wholeOption("--steps <n>", "updates per network", { min: 1, max: 1e6 }).default(
        defaults.steps,
      ),
    )
    .addOption(
      wholeOption("--units <n>", "size of the hidden state", { min: 1, max: 4096 }).default(
        defaults.units,
      ),
    )
    .addOption(options.seed("seed of the initial weights and the sequences").default(defaults.seed))
    .addOption(
      decimalOption("--clip-norm <n>", "maximum global norm of clipped gradients", {
        min: 1e-6,
        max: 1e6,
      }).default(defaults.clipNorm),
    )
    .addOption(
      new Option(
        "--gates <start>",
        "initial gate biases: for the sequence length, or the usual ones",
      )
        .choices(gateStarts)
        .default(defaults.gates),
    )
    .optionsGroup("Options:")
    .addOption(options.out("runs/explain"))
    .addOption(options.json("print one line of JSON for each network instead of tables"))
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(explainGradients);
}

async function explainGradients(flags: GradientsFlags): Promise<void> {
  const { out, json, engine, quiet } = flags;
  const { tasks, lengths, steps, units, seed, clipNorm, gates } = flags;
  const { loadEngine } = await import("@attend/runtime");
  const { studyGradients } = await import("../experiment.ts");
  const { writeStudy } = await import("../present/output.ts");
  const { startRow, summarize, summaryRow } = await import("../present/report.ts");
  await loadEngine({ engine });
  const remedy = "stopped; nothing was written, run it again with fewer --steps or --lengths";
  const progress = createProgress({ total: 1, label: "training", unit: "time steps", quiet });
  try {
    const study = await interruptible(
      (signal) =>
        studyGradients({
          ...{ tasks, lengths, steps, units, seed, clipNorm, gates },
          out,
          signal,
          onProgress: (done, total, loss) => progress.update(done, { loss }, total),
        }),
      remedy,
    );
    progress.stop();
    const files = await writeStudy(study, out);
    const summaries = study.trainings.map(summarize);
    if (json) {
      for (const summary of summaries) await writeJsonLine(summary);
      return;
    }
    await writeLine("Vanilla networks before any training:");
    await printTable(study.starts.map(startRow));
    await writeLine("\nTrained:");
    await printTable(summaries.map(summaryRow));
    await writeLine(`\n${files.map((file) => join(out, file)).join("\n")}`);
  } finally {
    progress.stop();
  }
}

/** Commander parser for comma-separated values, each of which may occur once. */
function listOf<T>(read: (value: string) => T): (list: string) => T[] {
  return (list) => {
    const values = list.split(",").map((value) => read(value.trim()));
    if (new Set(values).size === values.length) return values;
    throw new InvalidArgumentError("Expected each value once.");
  };
}

function taskName(value: string): TaskName {
  const name = taskNames.find((each) => each === value);
  if (name !== undefined) return name;
  throw new InvalidArgumentError(`Expected a comma-separated list of ${taskNames.join(" and ")}.`);
}
