import { join } from "node:path";
import {
  createTrainingProgress,
  decimalNumber,
  formatDuration,
  interruptible,
  writeLine,
} from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { Command, Option } from "commander";

interface TrainFlags {
  readonly config?: string;
  readonly minutes?: number;
  readonly validationFraction: number;
  readonly out: string;
  readonly resume: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  language-model train book.txt                          some minutes for a book
  language-model train *.txt --minutes 30 --out runs/mine
  language-model train book.txt --config my.json --resume   go on after Ctrl-C
  git log --format=%B | language-model train -           the text that stdin holds

Several files are read as one text. The trained model is --out/model: let it write by
\`language-model --model runs/language-model/model\`.`;

/** \`language-model train\`: a language model of one's own text. */
export function trainCommand(): Command {
  return new Command("train")
    .description("train a language model on text")
    .argument("<files...>", "UTF-8 text; - for stdin")
    .option("--config <file>", "JSON: model, vocabulary and training (see the README)")
    .addOption(
      new Option(
        "--minutes <n>",
        "train for so long, whatever the config says; the learning rate follows the clock",
      ).argParser(decimalNumber({ min: 0.01, max: 1e5 })),
    )
    .addOption(
      new Option(
        "--validation-fraction <share>",
        "the end of the text that chooses the best weights and is not trained on; 0: none",
      )
        .argParser(decimalNumber({ min: 0, max: 0.9 }))
        .default(0.1),
    )
    .option("--out <folder>", "where everything is written", "runs/language-model")
    .option("--resume", "go on with the training in --out, if there is one", false)
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .option("--quiet", "no progress", false)
    .addHelpText("after", examples)
    .action(runTraining);
}

async function runTraining(files: readonly string[], flags: TrainFlags): Promise<void> {
  const { nameOf, readText } = await import("../dataset.ts");
  const { readTrainingConfig, defaultTraining, withMinutes } = await import(
    "../training-config.ts"
  );
  const text = await readText(files);
  const given =
    flags.config === undefined ? defaultTraining() : await readTrainingConfig(flags.config);
  const config = flags.minutes === undefined ? given : withMinutes(given, flags.minutes);
  const { loadEngine } = await import("@attend/runtime");
  const { trainLanguageModel } = await import("../training.ts");
  await loadEngine(flags.engine === undefined ? {} : { engine: flags.engine });
  const { out, resume, quiet, validationFraction } = flags;
  const progress = createTrainingProgress({ label: "training", quiet, metrics: ["loss"] });
  const remedy = `stopped; run the same command with --resume to go on with ${out}`;
  try {
    const { step, seconds, best, natsPerCharacter, unit } = await interruptible(remedy, (signal) =>
      trainLanguageModel({
        config,
        text,
        source: files.map(nameOf).join(", "),
        validationFraction,
        out,
        resume,
        signal,
        onEvent: progress.event,
      }),
    );
    progress.stop();
    const read = step * config.streams * config.steps;
    const rate = `${Math.round(read / seconds)} ${unit}/s`;
    await writeLine(
      `${join(out, "model")}: ${step} steps in ${formatDuration(seconds)} (${rate}), ${natsPerCharacter.toFixed(4)} nats/character at step ${best?.step}`,
    );
  } finally {
    progress.stop();
  }
}
