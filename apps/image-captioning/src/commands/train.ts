import { join } from "node:path";
import {
  createProgress,
  createTrainingProgress,
  interruptible,
  type Progress,
  printTable,
} from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import { Command, InvalidArgumentError, Option } from "commander";
import type { CaptionerTraining } from "../config.ts";
import type { TrainingReport } from "../training.ts";
import { collect, readSets, type SetFlags } from "./sets.ts";

interface TrainFlags extends SetFlags {
  readonly devImages?: string;
  readonly devCaptions?: string;
  readonly devSplit?: string;
  readonly devFraction: number;
  readonly config?: string;
  readonly encoder?: string;
  readonly from?: string;
  readonly out: string;
  readonly resume: boolean;
  readonly engine?: "native" | "wasm";
  readonly quiet: boolean;
}

const examples = `
Examples:
  caption train --images photos --captions captions.csv
  caption train --images photos --captions captions.jsonl --config my.json --out runs/mine
  caption train --images photos --captions captions.csv --from models/captioner
  caption train --resume --images photos --captions captions.csv     go on after Ctrl-C
  caption train --images a --captions a.csv --split a-train.txt \\
                --images b --captions b.csv --split b-train.txt \\
                --dev-images a --dev-captions a.csv --dev-split a-dev.txt

The caption file is CSV or TSV (image,caption), JSON lines, or COCO's JSON. The trained model is
--out/model: caption photos with it by \`caption --model runs/captioner/model photo.jpg\`.`;

/** `caption train`: a captioner of one's own photos. */
export function trainCommand(): Command {
  return new Command("train")
    .description("train a captioner on photos with captions")
    .requiredOption("--images <folder>", "the photos; repeat it for several sets", collect)
    .requiredOption("--captions <file>", "their captions, one for each --images", collect)
    .option(
      "--split <file>",
      "only these photos, a name a line; one for each --images",
      collect,
      [],
    )
    .option("--dev-images <folder>", "photos that choose the best weights and are not trained on")
    .option("--dev-captions <file>", "their captions")
    .option("--dev-split <file>", "only these of the dev photos, a name a line")
    .addOption(
      new Option("--dev-fraction <share>", "without dev photos: the share to hold out")
        .argParser(parseShare)
        .default(0.05)
        .conflicts(["devImages", "devCaptions"]),
    )
    .option("--allow-missing", "leave out captions whose photo is not there", false)
    .option("--config <file>", "JSON: model, vocabulary and stages (see the README)")
    .option(
      "--encoder <path>",
      "where the encoder starts: a model's folder or PyTorch's safetensors (default: the one shipped)",
    )
    .addOption(
      new Option(
        "--from <folder>",
        "go on from this model, with its words and decoder, too",
      ).conflicts("encoder"),
    )
    .option("--out <folder>", "where everything is written", "runs/captioner")
    .option("--resume", "go on with the training in --out, if there is one", false)
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .option("--quiet", "no progress", false)
    .addHelpText("after", examples)
    .action(runTraining);
}

async function runTraining(flags: TrainFlags): Promise<void> {
  const { defaultModelFolder } = await import("../default-model.ts");
  const config = await readConfig(flags);
  const { train, dev } = await readParts(flags, config.seed);
  const { loadEngine } = await import("@attend/runtime");
  const { scoreRow } = await import("../evaluate.ts");
  const { trainCaptioner } = await import("../training.ts");
  await loadEngine(flags.engine === undefined ? {} : { engine: flags.engine });
  const report = createReport(flags.quiet);
  const remedy = `stopped; run the same command with --resume to go on with ${flags.out}`;
  try {
    const scores = await interruptible(remedy, (signal) =>
      trainCaptioner({
        config,
        train,
        dev,
        out: flags.out,
        start:
          flags.from === undefined
            ? { encoder: flags.encoder ?? defaultModelFolder() }
            : { from: flags.from },
        resume: flags.resume,
        signal,
        report,
      }),
    );
    report.stop();
    process.stdout.write(`${join(flags.out, "model")} on ${dev.length} dev photos:\n`);
    await printTable([scoreRow(scores)]);
  } finally {
    report.stop();
  }
}

async function readConfig({ config, from }: TrainFlags): Promise<CaptionerTraining> {
  const { defaultTraining, readTrainingConfig } = await import("../config.ts");
  if (config !== undefined) return readTrainingConfig(config);
  if (from === undefined) return defaultTraining();
  const { readModelConfig } = await import("../model.ts");
  return { ...defaultTraining(), model: await readModelConfig(from) };
}

async function readParts(flags: TrainFlags, seed: number) {
  const { devImages, devCaptions, devSplit } = flags;
  if ([devImages, devCaptions].includes(undefined) && (devImages ?? devCaptions ?? devSplit)) {
    const message = "dev photos need both --dev-images and --dev-captions; give both or neither";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const all = await readSets(flags);
  if (devImages === undefined || devCaptions === undefined) {
    const { splitCaptionSet } = await import("@attend/datasets");
    const { train, heldOut } = splitCaptionSet(all, { fraction: flags.devFraction, seed });
    return { train: train.images, dev: heldOut.images };
  }
  const { images: dev } = await readSets({
    images: [devImages],
    captions: [devCaptions],
    split: devSplit === undefined ? [] : [devSplit],
    allowMissing: flags.allowMissing,
  });
  const held = new Set(dev.map(({ file }) => file));
  return { train: all.images.filter(({ file }) => !held.has(file)), dev };
}

/** Shows a bar for each part of the training, and a line for each validation. */
function createReport(quiet: boolean): TrainingReport & { stop(): void } {
  const metrics = ["bleu4", "ciderD", "meteor"];
  const progressOf = (label: string) => createTrainingProgress({ label, quiet, metrics });
  let training = progressOf("");
  let encoding: Progress | undefined;
  const stop = () => {
    training.stop();
    encoding?.stop();
    encoding = undefined;
  };
  return {
    stop,
    stage(name, place, stages) {
      stop();
      training = progressOf(name);
      training.say(`stage ${place} of ${stages}: ${name}`);
    },
    features(done, total) {
      encoding ??= createProgress({ total, done, label: "encoding", unit: "pictures", quiet });
      encoding.update(done);
      if (done < total) return;
      encoding.stop();
      encoding = undefined;
    },
    event(event) {
      training.event(event);
    },
  };
}

function parseShare(value: string): number {
  const share = Number(value);
  if (share > 0 && share < 1) return share;
  throw new InvalidArgumentError("It must lie between 0 and 1.");
}
