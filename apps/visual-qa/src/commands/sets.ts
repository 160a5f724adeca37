import { collect, noted } from "@attend/cli-kit";
import type { QuestionRow } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import type { Command } from "commander";
import type { QuestionOnPhoto } from "../dataset.ts";
import { readCaptionsOf } from "./captions.ts";

/** Flags that name the columns of question files. */
export interface ColumnFlags {
  readonly imageColumn?: string;
  readonly questionColumn?: string;
  readonly answerColumn?: string;
}

export function columnsOf({ imageColumn, questionColumn, answerColumn }: ColumnFlags) {
  return { image: imageColumn, question: questionColumn, answer: answerColumn };
}

/** Flags that name one or more sets of questions with answers. */
export interface SetFlags extends ColumnFlags {
  readonly images: readonly string[];
  readonly questions: readonly string[];
  readonly annotations: readonly string[];
  readonly split: readonly string[];
  readonly imagePattern?: string;
  readonly allowMissing: boolean;
}

/** Flags of `train`, which holds out photos to choose the best weights. */
export interface TrainingSetFlags extends SetFlags {
  readonly validationImages?: string;
  readonly validationQuestions?: string;
  readonly validationAnnotations?: string;
  readonly validationSplit?: string;
  readonly heldOut?: number;
  readonly captions: readonly string[];
}

export function addSetOptions(command: Command): Command {
  return command
    .requiredOption("--images <folder>", "the photos; repeatable, for several sets", collect)
    .requiredOption(
      "--questions <file>",
      "questions and answers; one for each --images, or several files for one",
      collect,
    )
    .option("--annotations <file>", "VQA v2's answers; one for each --questions", collect, [])
    .option(
      "--split <file>",
      "use only these photos, one name per line; one for each --images",
      collect,
      [],
    )
    .option("--image-column <name>", "the column or JSON field of photo names")
    .option("--question-column <name>", "that of questions")
    .option("--answer-column <name>", "that of answers")
    .option(
      "--image-pattern <pattern>",
      "names of photos that are given as numbers, such as COCO_val2014_{id:12}.jpg",
    )
    .option("--allow-missing", "skip questions whose photo is missing", false);
}

/** Reads the sets' questions, in order; warnings go to stderr. */
export async function readSets(flags: SetFlags): Promise<Located[]> {
  const { readQuestions } = await import("@attend/datasets");
  const { images, questions, annotations, split, imagePattern, allowMissing } = flags;
  if (
    (images.length !== 1 && images.length !== questions.length) ||
    ![0, questions.length].includes(annotations.length) ||
    ![0, images.length].includes(split.length)
  ) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `${images.length} --images, ${questions.length} --questions, ${annotations.length} --annotations and ${split.length} --split were given; each --images needs its --questions, and either all or none an --annotations and a --split`,
    );
  }
  const sources = questions.map((file, i) => {
    const answers = annotations[i];
    return answers === undefined ? file : { questions: file, annotations: answers };
  });
  const rows: Located[] = [];
  for (const [i, imagesDirectory] of images.entries()) {
    const reading = readQuestions(images.length === 1 ? sources : (sources[i] ?? []), {
      ...{ imagesDirectory, split: split[i], imagePattern, allowMissing },
      columns: columnsOf(flags),
    });
    // With a folder of photos, every row has one.
    for (const row of (await noted(reading)).rows) {
      if (row.photo !== undefined) rows.push({ ...row, photo: row.photo });
    }
  }
  return rows;
}

/** A question with the path of its photo. */
export type Located = QuestionRow & { readonly photo: string };

/** The questions to train on, and those used to choose the best weights: about other photos. */
export async function readTrainingSets(flags: TrainingSetFlags, seed: number) {
  const { validationImages, validationQuestions, heldOut = 0.05 } = flags;
  const { validationAnnotations, validationSplit } = flags;
  if (
    [validationImages, validationQuestions].includes(undefined) &&
    (validationImages ?? validationQuestions ?? validationAnnotations ?? validationSplit)
  ) {
    const message =
      "validation questions need both --validation-images and --validation-questions; pass both or neither";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const all = await readSets(flags);
  const captions = await readCaptionsOf(all, flags.captions);
  if (validationImages === undefined || validationQuestions === undefined) {
    const { splitByImage } = await import("@attend/datasets");
    const divided = splitByImage(all, { heldOut, seed });
    const { train, heldOut: validation } = divided;
    return { train: onPhotos(train), validation: onPhotos(validation), captions };
  }
  const validation = await readSets({
    ...flags,
    images: [validationImages],
    questions: [validationQuestions],
    annotations: validationAnnotations === undefined ? [] : [validationAnnotations],
    split: validationSplit === undefined ? [] : [validationSplit],
  });
  const held = new Set(validation.map(({ photo }) => photo));
  const train = all.filter(({ photo }) => !held.has(photo));
  return { train: onPhotos(train), validation: onPhotos(validation), captions };
}

/** The rows as the trainer and evaluation use them. */
export function onPhotos(rows: readonly Located[]): QuestionOnPhoto[] {
  return rows.map(({ photo: file, question, answers, source }) => {
    return { file, question, answers, source };
  });
}
