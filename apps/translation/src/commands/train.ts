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
  attend-translate train pairs.tsv --from en --to fr --out runs/en-fr     two columns, a tab between them
  attend-translate train tatoeba.tsv --columns 2,4 --from en --to fr      two of its columns
  attend-translate train a.en.gz a.de.gz more.jsonl --validation dev.en dev.de   several files, together
  attend-translate train letters.en letters.de --from de --to en --swap   the other way round
  attend-translate train pairs.tsv --from en --to de --start-from runs/one   a model, on other pairs
  attend-translate train pairs.tsv --from en --to fr --resume             go on after Ctrl-C

A line of a .jsonl file is {"source": "...", "target": "..."}. The trained model is --out/model: let it
translate by \`attend-translate --model runs/translation/model "..."\`.`;

/** `attend-translate train`: a model of one's own pairs of sentences. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("train a translation model on pairs of sentences")
    .argument("<files...>", pairFiles)
    .addOption(fromOption("of the sources: en, pt-BR, zh-Hans").makeOptionMandatory())
    .addOption(toOption("of the translations").makeOptionMandatory())
    .addOption(swapOption())
    .addOption(columnsOption())
    .addOption(
      wholeOption(
        "--vocabulary-size <n>",
        "tokens (default: as many as the pairs suffice for, 8000 at most)",
        { min: 1, max: 1e6 },
      ).conflicts("startFrom"),
    )
    .addOption(options.validation("pairs"))
    .addOption(options.heldOut("different sources", "a tenth, 500 at most").conflicts("validation"))
    .addOption(options.startFrom("go on from this model, with its network and vocabulary"));
  return addTrainOptions(command, { out: "runs/translation" })
    .addHelpText("after", examples)
    .action(train);
}

async function train(files: readonly string[], flags: TrainFlags): Promise<void> {
  const { from, to, startFrom, out, resume, quiet } = flags;
  if (from === to) {
    const message = `--from and --to are both ${from}; name the language that the files are translated from, and the one they are translated to`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const config = await configOf(flags);
  const progress = createTrainingProgress({ quiet, metrics: ["bleu", "loss"] });
  const { say } = progress;
  const sets = await readSets(files, { ...flags, say });
  const { trainTranslator } = await import("../training.ts");
  const { step, seconds, best } = await superviseTraining(progress, flags, (signal) =>
    trainTranslator({
      ...{ ...sets, from, to, config, startFrom, out, resume, signal },
      onEvent(event) {
        progress.event(event);
        if (event.type === "start") warnOfWarmup(event.totalSteps, config, say);
      },
    }),
  );
  if (best.metric === "bleu" && best.value === 0) {
    say(
      "warning: the translations of the held-out pairs have nothing in common with them (BLEU 0); more pairs, or more --epochs, may help",
    );
  }
  const found = `${best.metric} ${best.value.toFixed(2)} at step ${best.step}`;
  await writeLine(`${join(out, "model")}: ${step} steps in ${formatDuration(seconds)}, ${found}`);
}

/** The config, and what flags change of it. */
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

/** A few pairs are a few steps an epoch, and the learning rate hardly gets off the ground. */
function warnOfWarmup(
  totalSteps: number,
  { training: { schedule, epochs } }: TranslationTraining,
  say: (line: string) => void,
): void {
  const { warmupSteps } = schedule;
  if (totalSteps >= 2 * warmupSteps || epochs === undefined) return;
  const enough = Math.ceil((4 * warmupSteps * epochs) / totalSteps);
  say(
    `warning: the training has ${totalSteps} steps, and the learning rate rises for ${warmupSteps}; for so few pairs give about --epochs ${enough}, or a smaller "warmupSteps" in the --config`,
  );
}
