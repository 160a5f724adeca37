import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  addTrainOptions,
  createTrainingProgress,
  options,
  overrideTraining,
  pathOption,
  printTable,
  superviseTraining,
  type TrainFlags as TrainingFlags,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import { absentMessage } from "@attend/runtime/files";
import { Command } from "commander";
import { scoreRow } from "../present/scores.ts";
import type { TrainingStart } from "../starting-model.ts";
import type { CaptionerTraining, Stage } from "../training-config.ts";
import { addSetOptions, readTrainingSets, type TrainingSetFlags } from "./sets.ts";

interface TrainFlags extends TrainingSetFlags, TrainingFlags {
  readonly encoderOnly: boolean;
}

const examples = `
Examples:
  attend-caption train --images photos --captions captions.csv
  attend-caption train --images photos --captions captions.jsonl --config my.json --out runs/mine
  attend-caption train --images photos --captions captions.csv --start-from models/captioner
  attend-caption train --resume --images photos --captions captions.csv     continue after Ctrl-C
  attend-caption train --images a --captions a.csv --split a-train.txt \\
                --images b --captions b.csv --split b-train.txt \\
                --validation-images a --validation-captions a.csv --validation-split a-dev.txt

The caption file is CSV or TSV (image,caption), JSON lines, COCO's or Karpathy's JSON, or Flickr8k's and
Flickr30k's text; it may be a pipe. --epochs applies to each stage, and --minutes is divided among the stages
in proportion to their epochs. The trained model is in --out/model; caption photos with
\`attend-caption --model runs/captioner/model photo.jpg\`.`;

/** `attend-caption train`: trains a captioner on your own photos. */
export function trainCommand(): Command {
  const command = new Command("train").description("train a captioner on photos with captions");
  addSetOptions(command, "train, and val for validation")
    .addOption(
      pathOption(
        "--validation-images <folder>",
        "photos to select the best weights by; they are not trained on",
      ),
    )
    .addOption(pathOption("--validation-captions <file>", "their captions"))
    .addOption(
      pathOption(
        "--validation-split <file>",
        "use only these validation photos, one name per line",
      ),
    )
    .addOption(
      options
        .heldOut("photos", "a twentieth, at least two")
        .conflicts(["validationImages", "validationCaptions"]),
    )
    .addOption(
      options.startFrom(
        "start from this model and its vocabulary, or from an encoder in PyTorch's safetensors (default: the encoder of the shipped model)",
      ),
    )
    .option("--encoder-only", "use only the encoder of the model to start from", false);
  return addTrainOptions(command, { out: "runs/captioner" })
    .addHelpText("after", examples)
    .action(train);
}

async function train(flags: TrainFlags): Promise<void> {
  const start = await startOf(flags);
  const requested = await configOf(flags, start);
  const sets = await readTrainingSets(flags, requested.seed);
  const { out, resume, quiet } = flags;
  const progress = createTrainingProgress({ quiet, metrics: ["bleu4", "ciderD", "meteor"] });
  const { trainCaptioner } = await import("../training.ts");
  const { scores, validationPhotos, leftOut } = await superviseTraining(
    progress,
    flags,
    async (signal) => {
      const config = await fitEncoder(requested, flags, start);
      const { event: onEvent } = progress;
      return trainCaptioner({ ...sets, config, out, start, resume, signal, onEvent });
    },
  );
  await writeLine(`${join(out, "model")} on ${validationPhotos} validation photos:`);
  await printTable([scoreRow(scores)]);
  if (leftOut > 0) {
    const all = sets.train.length + sets.validation.length;
    writeNote(`${leftOut} of ${all} photos could not be read`);
    process.exitCode = 1;
  }
}

/** @throws AttendError FILE_NOT_FOUND */
async function startOf({ startFrom: path, encoderOnly }: TrainFlags): Promise<TrainingStart> {
  if (path === undefined) {
    const { captioners } = await import("../model.ts");
    return { startFrom: captioners.shippedFolder(), encoderOnly: true };
  }
  if (!existsSync(path)) {
    const remedy = "use a model's folder, or an encoder in PyTorch's safetensors";
    throw new AttendError("FILE_NOT_FOUND", absentMessage(path, remedy));
  }
  const { isFolder } = await import("../starting-model.ts");
  return { startFrom: path, encoderOnly: encoderOnly || !isFolder(path) };
}

/** The config with the changes by flags. */
async function configOf(flags: TrainFlags, start: TrainingStart): Promise<CaptionerTraining> {
  const { defaultTraining, readTrainingConfig } = await import("../training-config.ts");
  const config =
    flags.config === undefined ? defaultTraining() : await readTrainingConfig(flags.config);
  const { epochs, minutes, seed } = flags;
  const epochsOf = ({ training }: Stage) => training.epochs ?? 1;
  const allEpochs = config.stages.reduce((sum, stage) => sum + epochsOf(stage), 0);
  const stages = config.stages.map((stage) => {
    const stageMinutes = minutes && (minutes * epochsOf(stage)) / allEpochs;
    const training = overrideTraining(stage.training, { epochs, minutes: stageMinutes, seed });
    return { ...stage, training };
  });
  const changed = { ...config, seed: seed ?? config.seed, stages };
  if (flags.config !== undefined || start.encoderOnly) return changed;
  const { captioners } = await import("../model.ts");
  return { ...changed, model: await captioners.readConfig(start.startFrom) };
}

/** Without a config, the encoder has the size of the one that training starts from. */
async function fitEncoder(
  config: CaptionerTraining,
  flags: TrainFlags,
  { startFrom, encoderOnly }: TrainingStart,
): Promise<CaptionerTraining> {
  if (flags.config !== undefined || !encoderOnly) return config;
  const { encoderSettings } = await import("../starting-model.ts");
  return { ...config, model: { ...config.model, encoder: await encoderSettings(startFrom) } };
}
