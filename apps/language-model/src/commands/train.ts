import { join } from "node:path";
import {
  addTrainOptions,
  createTrainingProgress,
  formatDuration,
  options,
  overrideTraining,
  superviseTraining,
  type TrainFlags as TrainingFlags,
  writeLine,
} from "@attend/cli-kit";
import { Command } from "commander";
import type { LanguageModelTraining } from "../training-config.ts";

interface TrainFlags extends TrainingFlags {
  readonly validation?: readonly string[];
}

const examples = `
Examples:
  attend-language-model train book.txt                      takes a few minutes for a book
  attend-language-model train *.txt --minutes 30 --out runs/mine
  attend-language-model train a.txt --validation b.txt      validate on another text
  attend-language-model train my.txt --start-from runs/book    fine-tune a model
  attend-language-model train book.txt --config my.json --resume   continue after Ctrl-C
  git log --format=%B | attend-language-model train -       text from stdin

Several files are read as one text. The trained model is in --out/model; generate text with
\`attend-language-model --model runs/language-model/model\`.`;

/** `attend-language-model train`: trains a language model on your own text. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("train a language model on text")
    .argument("<files...>", "text in UTF-8 or UTF-16, plain or gzip; - for stdin")
    .addOption(options.validation("texts"))
    .addOption(
      options
        .heldOut("characters at the end of the text", "a tenth", { allowNone: true })
        .conflicts("validation"),
    )
    .addOption(options.startFrom("start from this model, with its network and vocabulary"));
  return addTrainOptions(command, { out: "runs/language-model" })
    .addHelpText("after", examples)
    .action(train);
}

async function train(files: readonly string[], flags: TrainFlags): Promise<void> {
  const { nameOf, readText } = await import("../dataset.ts");
  const text = await readText(files);
  const validation = flags.validation && (await readText(flags.validation));
  const config = await configOf(flags);
  const { startFrom, out, resume, quiet, heldOut = 0.1 } = flags;
  const source = files.map(nameOf).join(", ");
  const progress = createTrainingProgress({ quiet, metrics: ["loss"] });
  const { trainLanguageModel } = await import("../training.ts");
  const { step, seconds, best, natsPerCharacter, unit } = await superviseTraining(
    progress,
    flags,
    (signal) => {
      const data = { text, source, validation, heldOut };
      const { event: onEvent } = progress;
      return trainLanguageModel({ ...data, config, startFrom, out, resume, signal, onEvent });
    },
  );
  const read = step * config.streams * config.steps;
  const rate = `${Math.round(read / seconds)} ${unit}/s`;
  await writeLine(
    `${join(out, "model")}: ${step} steps in ${formatDuration(seconds)} (${rate}), ${natsPerCharacter.toFixed(4)} nats/character at step ${best.step}`,
  );
}

/** The config with the changes by flags. */
async function configOf(flags: TrainFlags): Promise<LanguageModelTraining> {
  const { readTrainingConfig, defaultTraining } = await import("../training-config.ts");
  const { config: file, startFrom } = flags;
  const base = file === undefined ? defaultTraining() : await readTrainingConfig(file);
  const config = { ...base, training: overrideTraining(base.training, flags) };
  if (file !== undefined || startFrom === undefined) return config;
  const { languageModels } = await import("../model.ts");
  return { ...config, model: await languageModels.readConfig(startFrom) };
}
