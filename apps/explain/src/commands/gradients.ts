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
  attend-explain gradients                                  both tasks, three lengths: some minutes
  attend-explain gradients --tasks adding --lengths 40 --steps 300
  attend-explain gradients --gates usual --out runs/usual   gates that start as everywhere else
  attend-explain gradients --json --quiet > norms.jsonl     a line for each training`;

/** \`attend-explain gradients\`: exploding and vanishing gradients, measured and drawn. */
export function gradientsCommand(): Command {
  const defaults = parseGradientOptions({});
  return new Command("gradients")
    .description(
      "train a vanilla network, an LSTM and a GRU to remember, with and without clipping, and measure how the gradient comes back through time",
    )
    .optionsGroup("What is trained:")
    .addOption(
      new Option("--tasks <names>", `of ${taskNames.join(",")}`)
        .argParser(listOf(taskName))
        .default(defaults.tasks, defaults.tasks.join(",")),
    )
    .addOption(
      new Option("--lengths <steps>", "over how many steps something is to be remembered")
        .argParser(listOf(wholeNumber(lengthRange)))
        .default(defaults.lengths, defaults.lengths.join(",")),
    )
    .addOption(
      wholeOption("--steps <n>", "updates of each training", { min: 1, max: 1e6 }).default(
        defaults.steps,
      ),
    )
    .addOption(
      wholeOption("--units <n>", "size of the hidden state", { min: 1, max: 4096 }).default(
        defaults.units,
      ),
    )
    .addOption(options.seed("of the first weights and the sequences").default(defaults.seed))
    .addOption(
      decimalOption("--clip-norm <n>", "the largest global norm, where gradients are clipped", {
        min: 1e-6,
        max: 1e6,
      }).default(defaults.clipNorm),
    )
    .addOption(
      new Option("--gates <start>", "gates that begin for the sequence's length, or as usual")
        .choices(gateStarts)
        .default(defaults.gates),
    )
    .optionsGroup("Options:")
    .addOption(options.out("runs/explain"))
    .addOption(options.json("a line of JSON for each training instead of tables"))
    .addOption(options.engine())
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
  const { startRow, summarise, summaryRow } = await import("../present/report.ts");
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
    const summaries = study.trainings.map(summarise);
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

/** For commander: values between commas, each once. */
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
  throw new InvalidArgumentError(`Expected ${taskNames.join(" and ")}, with a comma between.`);
}
