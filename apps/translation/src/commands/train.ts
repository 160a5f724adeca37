import { join } from "node:path";
import {
  createTrainingProgress,
  formatDuration,
  interruptible,
  wholeNumber,
  writeLine,
} from "@attend/cli-kit";
import type { ParallelPair } from "@attend/datasets";
import type { EngineName } from "@attend/runtime";
import { Command, Option } from "commander";
import { readPairs } from "./pairs.ts";

interface TrainFlags {
  readonly from: string;
  readonly to: string;
  readonly swap: boolean;
  readonly config?: string;
  readonly init?: string;
  readonly dev?: readonly string[];
  readonly heldOut: number;
  readonly out: string;
  readonly resume: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  translate train letters.en letters.de --from en --to de
  translate train pairs.tsv --from en --to fr --out runs/en-fr     two columns, a tab between them
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
      "source and target in turn, line by line; or .tsv, .jsonl; each also .gz",
    )
    .requiredOption("--from <language>", "of the sources")
    .requiredOption("--to <language>", "of the translations")
    .option("--swap", "the files hold the translations first", false)
    .option("--config <file>", "JSON: model, vocabulary and training (see the README)")
    .option("--init <folder>", "go on from this model: with its network and vocabulary")
    .option("--dev <files...>", "pairs that choose the best weights and are not trained on")
    .addOption(
      new Option("--held-out <n>", "without --dev: so many of the sources take that part")
        .argParser(wholeNumber({ min: 1, max: 1e6 }))
        .default(500),
    )
    .option("--out <folder>", "where everything is written", "runs/translation")
    .option("--resume", "go on with the training in --out, if there is one", false)
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .option("--quiet", "no progress", false)
    .addHelpText("after", examples)
    .action(runTraining);
}

async function runTraining(files: readonly string[], flags: TrainFlags): Promise<void> {
  const { readTrainingConfig, defaultTraining } = await import("../config.ts");
  const { from, to, out, resume, quiet } = flags;
  const config =
    flags.config === undefined ? defaultTraining() : await readTrainingConfig(flags.config);
  const progress = createTrainingProgress({ label: "training", quiet, metrics: ["bleu", "loss"] });
  const { pairs, dev } = await readSets(files, flags, progress.say);
  const { loadEngine } = await import("@attend/runtime");
  const { trainTranslator } = await import("../training.ts");
  await loadEngine(flags.engine === undefined ? {} : { engine: flags.engine });
  const remedy = `stopped; run the same command with --resume to go on with ${out}`;
  try {
    const { step, seconds, best } = await interruptible(remedy, (signal) =>
      trainTranslator({
        ...{ from, to, config, pairs, dev, out, resume, init: flags.init },
        signal,
        onEvent: progress.event,
        say: progress.say,
      }),
    );
    progress.stop();
    const found =
      best === undefined ? "" : `, ${best.metric} ${best.value.toFixed(2)} at step ${best.step}`;
    await writeLine(`${join(out, "model")}: ${step} steps in ${formatDuration(seconds)}${found}`);
  } finally {
    progress.stop();
  }
}

async function readSets(
  files: readonly string[],
  { dev: devFiles, heldOut, swap }: TrainFlags,
  say: (line: string) => void,
): Promise<{ pairs: readonly ParallelPair[]; dev: readonly ParallelPair[] }> {
  const read = async (named: readonly string[], option: string) => {
    const pairs = await readPairs(named, option, say);
    return swap
      ? pairs.map((pair) => ({ ...pair, source: pair.target, target: pair.source }))
      : pairs;
  };
  const all = await read(files, "train");
  if (devFiles !== undefined) return { pairs: all, dev: await read(devFiles, "--dev") };
  const { splitBySource } = await import("@attend/datasets");
  const split = splitBySource(all, { heldOut, seed: 1 });
  return { pairs: split.train, dev: split.heldOut };
}
