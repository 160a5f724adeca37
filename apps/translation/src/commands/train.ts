import { join } from "node:path";
import {
  addTrainOptions,
  createTrainingProgress,
  formatDuration,
  options,
  overrideTraining,
  superviseTraining,
  type TrainFlags as TrainingFlags,
  wholeOption,
  writeLine,
} from "@attend/cli-kit";
import type { Columns } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { Command } from "commander";
import type { TranslationTraining } from "../training-config.ts";
import { columnsOption, fromOption, pairFiles, swapOption, toOption } from "./options.ts";
import { readSets } from "./sets.ts";

interface TrainFlags extends TrainingFlags {
  readonly from: string;
  readonly to: string;
  readonly swap: boolean;
  readonly columns?: Columns;
  readonly vocabularySize?: number;
  readonly validation?: readonly string[];
}

const examples = `
Examples:
  attend-translate train letters.en letters.de --from en --to de
  attend-translate train pairs.tsv --from en --to fr --out runs/en-fr     two columns separated by a tab
  attend-translate train tatoeba.tsv --columns 2,4 --from en --to fr      two of its columns
  attend-translate train a.en.gz a.de.gz more.jsonl --validation dev.en dev.de   several files combined
  attend-translate train letters.en letters.de --from de --to en --swap   the reverse direction
  attend-translate train pairs.tsv --from en --to de --start-from runs/one   fine-tune a model
  attend-translate train pairs.tsv --from en --to fr --resume             continue after Ctrl-C

A line of a .jsonl file is {"source": "...", "target": "..."}. The trained model is in --out/model; translate
with \`attend-translate --model runs/translation/model "..."\`.`;

/** `attend-translate train`: trains a model on your own sentence pairs. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("train a translation model on sentence pairs")
    .argument("<files...>", pairFiles)
    .addOption(
      fromOption("language of the sources, such as en, pt-BR, zh-Hans").makeOptionMandatory(),
    )
    .addOption(toOption("language of the translations").makeOptionMandatory())
    .addOption(swapOption())
    .addOption(columnsOption())
    .addOption(
      wholeOption(
        "--vocabulary-size <n>",
        "number of tokens (default: as many as the pairs allow, at most 8000)",
        { min: 1, max: 1e6 },
      ).conflicts("startFrom"),
    )
    .addOption(options.validation("pairs"))
    .addOption(options.heldOut("different sources", "a tenth, at most 500").conflicts("validation"))
    .addOption(options.startFrom("start from this model, with its network and vocabulary"));
  return addTrainOptions(command, { out: "runs/translation" })
    .addHelpText("after", examples)
    .action(train);
}

async function train(files: readonly string[], flags: TrainFlags): Promise<void> {
  const { from, to, startFrom, out, resume, quiet } = flags;
  if (from === to) {
    const message = `--from and --to are both ${from}; use the language of the sources and that of the translations`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const config = await configOf(flags);
  const progress = createTrainingProgress({ quiet, metrics: ["bleu", "loss"] });
  const { say, warn } = progress;
  const sets = await readSets(files, { ...flags, say, warn });
  const { trainTranslator } = await import("../training.ts");
  const { step, seconds, best } = await superviseTraining(progress, flags, (signal) =>
    trainTranslator({
      ...{ ...sets, from, to, config, startFrom, out, resume, signal },
      onEvent(event) {
        progress.event(event);
        if (event.type === "start") warnOfWarmup(event.totalSteps, config, warn);
      },
    }),
  );
  if (best.metric === "bleu" && best.value === 0) {
    warn(
      "the model's translations have nothing in common with the held-out pairs (BLEU 0); more pairs, or more --epochs, may help",
    );
  }
  const result = `${best.metric} ${best.value.toFixed(2)} at step ${best.step}`;
  await writeLine(`${join(out, "model")}: ${step} steps in ${formatDuration(seconds)}, ${result}`);
}

/** The config with the changes by flags. */
async function configOf(flags: TrainFlags): Promise<TranslationTraining> {
  const { readTrainingConfig, defaultTraining } = await import("../training-config.ts");
  const config =
    flags.config === undefined ? defaultTraining() : await readTrainingConfig(flags.config);
  const size = flags.vocabularySize ?? config.vocabulary.size;
  return {
    ...config,
    vocabulary: { ...config.vocabulary, size },
    training: overrideTraining(config.training, flags),
  };
}

/** With few pairs an epoch has few steps, and the learning rate barely rises. */
function warnOfWarmup(
  totalSteps: number,
  { training: { schedule, epochs } }: TranslationTraining,
  warn: (line: string) => void,
): void {
  const { warmupSteps } = schedule;
  if (totalSteps >= 2 * warmupSteps || epochs === undefined) return;
  const enough = Math.ceil((4 * warmupSteps * epochs) / totalSteps);
  warn(
    `training has ${totalSteps} steps, but the learning rate rises for ${warmupSteps}; for so few pairs use about --epochs ${enough}, or a smaller "warmupSteps" in the --config`,
  );
}
