import { join } from "node:path";
import {
  createTrainingProgress,
  decimalNumber,
  formatDuration,
  interruptible,
  wholeNumber,
  writeLine,
} from "@attend/cli-kit";
import type { Columns } from "@attend/datasets";
import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { Command, Option } from "commander";
import type { TranslationTraining } from "../training-config.ts";
import { languageOption } from "./language-option.ts";
import { columnsOption } from "./pairs.ts";
import { readSets } from "./sets.ts";

interface TrainFlags {
  readonly from: string;
  readonly to: string;
  readonly swap: boolean;
  readonly columns?: Columns;
  readonly config?: string;
  readonly vocabularySize?: number;
  readonly epochs?: number;
  readonly minutes?: number;
  readonly init?: string;
  readonly dev?: readonly string[];
  readonly heldOut?: number;
  readonly out: string;
  readonly resume: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  translate train letters.en letters.de --from en --to de
  translate train pairs.tsv --from en --to fr --out runs/en-fr     two columns, a tab between them
  translate train tatoeba.tsv --columns 2,4 --from en --to fr      two of its columns
  translate train a.en.gz a.de.gz more.jsonl --dev dev.en dev.de   several files, together
  translate train letters.en letters.de --from de --to en --swap   the other way round
  translate train pairs.tsv --from en --to de --init runs/one/model   a model, on other pairs
  translate train pairs.tsv --from en --to fr --resume             go on after Ctrl-C

A line of a .jsonl file is {"source": "...", "target": "..."}. The trained model is --out/model: let it
translate by \`translate --model runs/translation/model "..."\`.`;

/** `translate train`: a model of one's own pairs of sentences. */
export function trainCommand(): Command {
  return new Command("train")
    .description("train a translation model on pairs of sentences")
    .argument(
      "<files...>",
      "source and target in turn, line by line; or .tsv, .csv, .jsonl; each also .gz",
    )
    .requiredOption("--from <language>", "of the sources: en, pt-BR, zh-Hans", languageOption)
    .requiredOption("--to <language>", "of the translations", languageOption)
    .option("--swap", "the files hold the translations first", false)
    .option("--columns <two>", "of a table: by number or name, such as 2,4 or en,de", columnsOption)
    .option("--config <file>", "JSON: model, vocabulary and training (see the README)")
    .addOption(
      new Option(
        "--vocabulary-size <n>",
        "tokens (default: as many as the pairs suffice for, 8000 at most)",
      )
        .argParser(wholeNumber({ min: 1, max: 1e6 }))
        .conflicts("init"),
    )
    .addOption(
      new Option(
        "--epochs <n>",
        "times that all pairs are seen (default: the config's, 30)",
      ).argParser(wholeNumber({ min: 1 })),
    )
    .addOption(
      new Option("--minutes <n>", "end after so much time, if not before").argParser(
        decimalNumber({ min: 0.01 }),
      ),
    )
    .option("--init <folder>", "go on from this model: with its network and vocabulary")
    .option("--dev <files...>", "pairs that choose the best weights and are not trained on")
    .addOption(
      new Option(
        "--held-out <n>",
        "without --dev: so many of the sources take that part (default: a tenth, 500 at most)",
      )
        .argParser(wholeNumber({ min: 1, max: 1e6 }))
        .conflicts("dev"),
    )
    .option("--out <folder>", "where everything is written", "runs/translation")
    .option("--resume", "go on with the training in --out, if there is one", false)
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .option("--quiet", "no progress", false)
    .addHelpText("after", examples)
    .action(runTraining);
}

async function runTraining(files: readonly string[], flags: TrainFlags): Promise<void> {
  const { from, to, out, resume, quiet } = flags;
  if (from === to) {
    const message = `--from and --to are both ${from}; name the language that the files are translated from, and the one they are translated to`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const config = await configOf(flags);
  const progress = createTrainingProgress({ quiet, metrics: ["bleu", "loss"] });
  const { say } = progress;
  const { pairs, dev } = await readSets(files, { ...flags, devFiles: flags.dev, say });
  const { loadEngine } = await import("@attend/runtime");
  const { trainTranslator } = await import("../training.ts");
  await loadEngine(flags.engine === undefined ? {} : { engine: flags.engine });
  try {
    const { step, seconds, best } = await interruptible((signal) =>
      trainTranslator({
        ...{ from, to, config, pairs, dev, out, resume, startFrom: flags.init },
        signal,
        onEvent(event) {
          progress.event(event);
          if (event.type === "start") warnOfWarmup(event.totalSteps, config, say);
        },
      }),
    );
    progress.stop();
    if (best.metric === "bleu" && best.value === 0) {
      say(
        "warning: the translations of the held-out pairs have nothing in common with them (BLEU 0); more pairs, or more --epochs, may help",
      );
    }
    const found = `${best.metric} ${best.value.toFixed(2)} at step ${best.step}`;
    await writeLine(`${join(out, "model")}: ${step} steps in ${formatDuration(seconds)}, ${found}`);
  } finally {
    progress.stop();
  }
}

/** The config, and what flags change of it. */
async function configOf(flags: TrainFlags): Promise<TranslationTraining> {
  const { readTrainingConfig, defaultTraining } = await import("../training-config.ts");
  const config =
    flags.config === undefined ? defaultTraining() : await readTrainingConfig(flags.config);
  const { vocabularySize: size, epochs, minutes } = flags;
  return {
    ...config,
    vocabulary: { ...config.vocabulary, ...(size !== undefined && { size }) },
    training: {
      ...config.training,
      ...(epochs !== undefined && { epochs }),
      ...(minutes !== undefined && { maxSeconds: 60 * minutes }),
    },
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
