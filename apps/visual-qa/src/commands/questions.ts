import {
  createProgress,
  noted,
  options,
  pathOption,
  printTable,
  requireWritable,
  wholeOption,
  writeJsonLine,
  writeLine,
} from "@attend/cli-kit";
import type { CaptionSet, QuestionRow } from "@attend/datasets";
import { writeFileAtomic } from "@attend/runtime/files";
import { createRandom } from "@attend/runtime/random";
import { Command } from "commander";
import { type MadeQuestion, madeLine, statisticsTables } from "../present/statistics.ts";

interface QuestionsFlags {
  readonly captions: string;
  readonly images?: string;
  readonly split?: string;
  readonly out: string;
  readonly sample: number;
  readonly seed: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-vqa questions --captions captions.csv --out questions.tsv
  attend-vqa questions --captions captions.csv --split train.txt --out questions.tsv --sample 100
  attend-vqa train --images photos --questions questions.tsv --questions from-people.tsv

Questions are about objects, numbers, colors, places and activities, and have yes or no as an answer equally
often. Each row names its kind in the column source. The captions are English, in any format of
\`attend-caption train\`.`;

/** `attend-vqa questions`: makes questions to train on from captions. */
export function questionsCommand(): Command {
  return new Command("questions")
    .description("make questions and answers from captions")
    .addOption(pathOption("--captions <file>", "captions of photos").makeOptionMandatory())
    .addOption(pathOption("--images <folder>", "the photos (default: they are not looked for)"))
    .addOption(pathOption("--split <file>", "use only these photos, one name per line"))
    .addOption(pathOption("--out <file>", "the questions, as TSV").makeOptionMandatory())
    .addOption(
      wholeOption("--sample <n>", "print this many questions, to read by eye", { min: 1 }).default(
        0,
      ),
    )
    .addOption(
      options.seed("seed of the pairs of photos and of the sample (default: 1)").default(1),
    )
    .addOption(options.json("print the statistics as one line of JSON"))
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(makeQuestions);
}

async function makeQuestions(flags: QuestionsFlags): Promise<void> {
  const { questionStatistics, questionsFromCaptions, readCaptions } = await import(
    "@attend/datasets"
  );
  const { captions, images, split, out, seed, quiet } = flags;
  await requireWritable(out);
  const set = await noted(readCaptions(captions, { imagesDirectory: images, split }));
  const work = { total: set.images.length, label: "reading", unit: "photos", quiet };
  const progress = createProgress(work);
  const rows = await questionsFromCaptions(set, {
    seed,
    onProgress: (done) => progress.update(done),
  }).finally(progress.stop);
  const lines = rows.map(({ image, question, answers, source = "" }) =>
    [image, question, answers.join("|"), source].map(field).join("\t"),
  );
  await writeFileAtomic(out, `image\tquestion\tanswer\tsource\n${lines.join("\n")}\n`);
  const statistics = questionStatistics(rows);
  const sample = chosen(rows, set, flags);
  if (flags.json) {
    const sources = Object.fromEntries(statistics.sources);
    return writeJsonLine({ ...statistics, sources, ...(sample.length > 0 && { sample }) });
  }
  for (const table of statisticsTables(statistics)) {
    await printTable(table);
    await writeLine("");
  }
  for (const each of sample) await writeLine(madeLine(each));
}

/** The questions to print, each with the caption that it was made from. */
function chosen(
  rows: readonly QuestionRow[],
  { images }: CaptionSet,
  { sample, seed }: QuestionsFlags,
): MadeQuestion[] {
  const captionOf = new Map(
    images.flatMap(({ captions }) => captions.map(({ line, text }) => [line, text])),
  );
  const shuffled = createRandom(seed).shuffle([...rows]);
  return shuffled.slice(0, sample).map(({ image, question, answers, source = "", line }) => {
    return { image, source, question, answers, caption: captionOf.get(line) ?? "" };
  });
}

/** In quotes if it has some, as in CSV. */
function field(text: string): string {
  return /["\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
