import { join } from "node:path";
import {
  addTrainOptions,
  collect,
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
import { Command } from "commander";
import { scoreRow } from "../present/scores.ts";
import type { TrainingStart } from "../starting-model.ts";
import type { AnswererTraining } from "../training-config.ts";
import { addSetOptions, readTrainingSets, type TrainingSetFlags } from "./sets.ts";

interface TrainFlags extends TrainingSetFlags, TrainingFlags {
  readonly encoderOnly: boolean;
}

const examples = `
Examples:
  attend-vqa train --images photos --questions questions.tsv
  attend-vqa train --images photos --questions questions.jsonl --config my.json --out runs/mine
  attend-vqa train --images photos --questions questions.tsv --start-from runs/vqa --out runs/more
  attend-vqa train --resume --images photos --questions questions.tsv     continue after Ctrl-C
  attend-vqa train --images train2014 --questions train-questions.json --annotations train-annotations.json \\
             --image-pattern 'COCO_train2014_{id:12}.jpg'

The question file is CSV or TSV (image,question,answer), JSON lines or JSON, or VQA v2's, with
--annotations. The trained model is in --out/model; ask it with
\`attend-vqa --model runs/vqa/model photo.jpg "what color is the car?"\`.`;

/** `attend-vqa train`: trains a model on your own photos and questions. */
export function trainCommand(): Command {
  const command = new Command("train").description(
    "train a model on photos with questions and answers",
  );
  addSetOptions(command)
    .addOption(
      pathOption(
        "--validation-images <folder>",
        "photos to select the best weights by; they are not trained on",
      ),
    )
    .addOption(pathOption("--validation-questions <file>", "their questions and answers"))
    .addOption(pathOption("--validation-annotations <file>", "their answers, in VQA v2's format"))
    .addOption(
      pathOption(
        "--validation-split <file>",
        "use only these validation photos, one name per line",
      ),
    )
    .option(
      "--captions <file>",
      'captions of the photos, for a "word-guided" fusion; repeatable',
      collect,
      [],
    )
    .addOption(
      options
        .heldOut("photos", "a twentieth")
        .conflicts(["validationImages", "validationQuestions"]),
    )
    .addOption(
      options.startFrom(
        "start from this model, with its words and answers, or from a captioner's encoder (default: that of the shipped captioner)",
      ),
    )
    .option("--encoder-only", "use only the encoder of the model to start from", false);
  return addTrainOptions(command, { out: "runs/vqa" }).addHelpText("after", examples).action(train);
}

async function train(flags: TrainFlags): Promise<void> {
  const { out, resume, quiet, startFrom, encoderOnly } = flags;
  const start = { startFrom, encoderOnly };
  const config = await configOf(flags, start);
  const sets = await readTrainingSets(flags, config.training.seed);
  const progress = createTrainingProgress({ quiet, metrics: ["accuracy", "loss"] });
  const { trainAnswerer } = await import("../training.ts");
  const { scores, leftOut } = await superviseTraining(progress, flags, (signal) =>
    trainAnswerer({ ...sets, config, out, start, resume, signal, onEvent: progress.event }),
  );
  await writeLine(`${join(out, "model")} on ${scores.questions} validation questions:`);
  await printTable([scoreRow(scores)]);
  if (leftOut > 0) {
    writeNote(`${leftOut} photos could not be read`);
    process.exitCode = 1;
  }
}

/** The config with the changes by flags. */
async function configOf(
  { config: file, ...flags }: TrainFlags,
  start: TrainingStart,
): Promise<AnswererTraining> {
  const { defaultTraining, readTrainingConfig } = await import("../training-config.ts");
  const base = file === undefined ? defaultTraining() : await readTrainingConfig(file);
  const config = { ...base, training: overrideTraining(base.training, flags) };
  if (file !== undefined) return config;
  const { readStart } = await import("../starting-model.ts");
  const source = await readStart(start);
  if (source === undefined) return config;
  const { temperature, threshold, answers: head, ...model } = source.config;
  const answers =
    head.kind === "classes"
      ? { count: 1000, softTargets: false, ...head }
      : { minCount: 1, ...head };
  // A small encoder has no maps to keep.
  const encoder = model.encoder.kind === "small-cnn" ? "end-to-end" : config.encoder;
  return { ...config, model, answers, encoder };
}
