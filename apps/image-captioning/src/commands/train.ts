import { join } from "node:path";
import {
  createProgress,
  createTrainingProgress,
  interruptible,
  type Progress,
  printTable,
  writeNote,
} from "@attend/cli-kit";
import type { CaptionedImage, CaptionSet } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { Command, InvalidArgumentError, Option } from "commander";
import type { CaptionerTraining } from "../config.ts";
import type { TrainingReport, TrainingStart } from "../run.ts";
import { addSetOptions, joinSets, readSets, type SetFlags, tellParts } from "./sets.ts";

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

The caption file is CSV or TSV (image,caption), JSON lines, COCO's or Karpathy's JSON, or Flickr8k's and
Flickr30k's text; it may be a pipe. The trained model is --out/model: caption photos with it by \`caption --model runs/captioner/model photo.jpg\`.`;

/** `caption train`: a captioner of one's own photos. */
export function trainCommand(): Command {
  const command = new Command("train").description("train a captioner on photos with captions");
  return addSetOptions(command, "train, with val as the dev photos")
    .option("--dev-images <folder>", "photos that choose the best weights and are not trained on")
    .option("--dev-captions <file>", "their captions")
    .option("--dev-split <file>", "only these of the dev photos, a name a line")
    .addOption(
      new Option(
        "--dev-fraction <share>",
        "without dev photos and a part val: the share to hold out",
      )
        .argParser(parseShare)
        .default(0.05)
        .conflicts(["devImages", "devCaptions"]),
    )
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

async function runTraining(flags: TrainFlags, command: Command): Promise<void> {
  const given = await readConfig(flags);
  const isFractionGiven = command.getOptionValueSource("devFraction") === "cli";
  const { train, dev } = await readParts(flags, given.seed, isFractionGiven);
  const { loadEngine } = await import("@attend/runtime");
  const { scoreRow } = await import("../evaluate.ts");
  const { trainCaptioner } = await import("../training.ts");
  await loadEngine(flags.engine === undefined ? {} : { engine: flags.engine });
  const start = await startOf(flags);
  const config = await fitEncoder(given, flags, start);
  const report = createReport(flags.quiet);
  const remedy = `stopped; run the same command with --resume to go on with ${flags.out}`;
  try {
    const { scores, devPhotos, leftOut } = await interruptible(remedy, (signal) =>
      trainCaptioner({
        config,
        train,
        dev,
        out: flags.out,
        start,
        resume: flags.resume,
        signal,
        report,
      }),
    );
    report.stop();
    process.stdout.write(`${join(flags.out, "model")} on ${devPhotos} dev photos:\n`);
    await printTable([scoreRow(scores)]);
    if (leftOut > 0) {
      process.stderr.write(`${leftOut} of ${train.length + dev.length} photos could not be read\n`);
      process.exitCode = 1;
    }
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

async function startOf({ from, encoder }: TrainFlags): Promise<TrainingStart> {
  if (from !== undefined) return { from };
  const { defaultModelFolder } = await import("../default-model.ts");
  return { encoder: encoder ?? defaultModelFolder() };
}

/** Without a config, the encoder is as large as the one that the training starts from. */
async function fitEncoder(
  config: CaptionerTraining,
  flags: TrainFlags,
  start: TrainingStart,
): Promise<CaptionerTraining> {
  if (flags.config !== undefined || "from" in start) return config;
  const { encoderSettings } = await import("../prepare.ts");
  return { ...config, model: { ...config.model, encoder: await encoderSettings(start.encoder) } };
}

/** The photos to train on, and those that choose the best weights. */
async function readParts(flags: TrainFlags, seed: number, isFractionGiven: boolean) {
  const { devImages, devCaptions, devSplit } = flags;
  if ([devImages, devCaptions].includes(undefined) && (devImages ?? devCaptions ?? devSplit)) {
    const message = "dev photos need both --dev-images and --dev-captions; give both or neither";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const { isPart, splitCaptionSet } = await import("@attend/datasets");
  const { part: asked = ["train"], split } = flags;
  const sets = await readSets(flags, [...asked, "val"]);
  const isForDev = ({ part }: CaptionedImage) =>
    split.length === 0 && part !== undefined && !asked.some((name) => isPart(part, name));
  const isForTrain = (image: CaptionedImage) => !isForDev(image);
  const all = await joinSets(sets, isForTrain);
  if (devImages !== undefined && devCaptions !== undefined) {
    await tellParts(sets, { train: isForTrain });
    const split = devSplit === undefined ? [] : [devSplit];
    const dev = { ...flags, images: [devImages], captions: [devCaptions], split, part: undefined };
    const devSets = await readSets(dev, ["val"]);
    await tellParts(devSets, { dev: () => true });
    return apart(all, await joinSets(devSets));
  }
  await tellParts(sets, { train: isForTrain, dev: isForDev });
  if (sets.some(({ images }) => images.some(isForDev))) {
    if (isFractionGiven) {
      process.stderr.write("--dev-fraction is not needed: the captions have a part for dev\n");
    }
    return apart(all, await joinSets(sets, isForDev));
  }
  // One photo tells nothing, see checkData; of very few photos none can be spared unasked.
  const two = isFractionGiven || all.images.length < 4 ? 0 : 2 / all.images.length;
  const fraction = Math.max(flags.devFraction, two);
  const { train, heldOut } = splitCaptionSet(all, { fraction, seed });
  return { train: train.images, dev: heldOut.images };
}

/** No photo is trained on that is a dev photo, too. */
function apart(train: CaptionSet, dev: CaptionSet) {
  const held = new Set(dev.images.map(({ file }) => file));
  return { train: train.images.filter(({ file }) => !held.has(file)), dev: dev.images };
}

/** Shows a bar for each part of the training, and a line for each validation. */
function createReport(quiet: boolean): TrainingReport & { stop(): void } {
  const metrics = ["bleu4", "ciderD", "meteor"];
  const progressOf = (label: string) => createTrainingProgress({ label, quiet, metrics });
  let training = progressOf("");
  let counting: Progress | undefined;
  const stop = () => {
    training.stop();
    counting?.stop();
    counting = undefined;
  };
  const count = (label: string, unit: string) => (done: number, total: number) => {
    counting ??= createProgress({ total, done, label, unit, quiet });
    counting.update(done);
    if (done < total) return;
    counting.stop();
    counting = undefined;
  };
  return {
    stop,
    note(message) {
      const write = () => writeNote(`warning: ${message}`);
      if (counting === undefined) write();
      else counting.aside(write);
    },
    checked: count("checking", "photos"),
    features: count("encoding", "pictures"),
    stage(name, place, stages) {
      stop();
      training = progressOf(name);
      training.say(`stage ${place} of ${stages}: ${name}`);
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
