import { basename } from "node:path";
import {
  createProgress,
  interruptible,
  options,
  pathOption,
  printTable,
  requireWritable,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { writeFileAtomic } from "@attend/runtime/files";
import { Command } from "commander";
import { scoreRow, sourceRows } from "../present/scores.ts";
import { addSetOptions, type Located, onPhotos, readSets, type SetFlags } from "./sets.ts";

interface EvaluateFlags extends SetFlags {
  readonly model?: string;
  readonly boxes?: string;
  readonly predictions?: string;
  readonly sentences: boolean;
  readonly json: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-vqa evaluate --model runs/vqa/model --images photos --questions questions.tsv
  attend-vqa evaluate --model runs/vqa/model --images photos --questions questions.tsv --split test.txt --json
  attend-vqa evaluate --model runs/vqa/model --images photos --questions questions.tsv \\
             --predictions answers.jsonl
  attend-vqa evaluate --model runs/vqa/model --images photos --questions questions.tsv --boxes boxes.tsv

accuracy is the share of answers that equal the commonest one, after VQA's normalization (also that of
each source, if the questions name several); consensus is VQA's accuracy, for questions with the answers
of several people. With --boxes (TSV, fractions of width
and height, COCO's classes), pointing is the share of questions about an object for which each hop
looked most at a place within it, and middle that of the middle of the photo.`;

/** `attend-vqa evaluate`: scores a model on questions that people answered. */
export function evaluateCommand(): Command {
  const command = new Command("evaluate").description(
    "score a model against answers that people gave",
  );
  return addSetOptions(command)
    .addOption(options.model())
    .addOption(
      pathOption(
        "--boxes <file>",
        "score where the model looks, too: objects of the photos (image, class, x1, y1, x2, y2)",
      ),
    )
    .addOption(options.predictions("write each question with both answers as JSON lines"))
    .option(
      "--no-sentences",
      "answer without MiniLM's sentence vectors, as if it was not installed",
    )
    .addOption(options.json("print the scores as one line of JSON"))
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  const { answerers } = await import("../model.ts");
  const { evaluateAnswers } = await import("../evaluate.ts");
  const { adviceOf, loadSentences, readsSentences } = await import("../sentences.ts");
  const { predictions, engine, quiet } = flags;
  const sets = await readSets(flags);
  const { readBoxes } = await import("@attend/datasets");
  const { objectsInQuestion } = await import("../pointing.ts");
  const boxes = flags.boxes === undefined ? undefined : await readBoxes(flags.boxes);
  // Fail before answering, not after.
  if (predictions !== undefined) await requireWritable(predictions);
  const model = await answerers.load(flags.model, { engine });
  const sentences = flags.sentences ? await loadSentences(model.config, { engine }) : undefined;
  const advice = flags.sentences ? adviceOf(model.config, sentences) : undefined;
  if (advice !== undefined && !quiet) writeNote(`note: ${advice}`);
  const rows = await readableRows(sets, model.config.imageSize, quiet);
  const objects =
    boxes && rows.map((row) => objectsInQuestion(row, boxes.get(basename(row.image)) ?? []));
  const work = { total: rows.length, label: "answering", unit: "questions", quiet };
  const progress = createProgress(work);
  const { scores, answers } = await interruptible((signal) =>
    evaluateAnswers(model, onPhotos(rows), {
      ...{ signal, objects, sentences },
      onProgress: (done) => progress.update(done),
    }),
  ).finally(() => {
    progress.stop();
    model.network.dispose();
    sentences?.dispose();
  });
  if (predictions !== undefined) {
    const lines = rows.map(({ image, question, answers: expected, source }, i) =>
      JSON.stringify({ image, question, ...answers[i], expected, source }),
    );
    await writeFileAtomic(predictions, `${lines.join("\n")}\n`);
  }
  if (objects !== undefined && scores.pointing === undefined) {
    const message = `the model has no attention, or no question is about an object of ${flags.boxes}`;
    writeNote(`warning: ${message}`);
  }
  const isRead = readsSentences(model.config) ? sentences !== undefined : undefined;
  if (flags.json) return writeJsonLine({ ...scores, sentences: isRead });
  const read = isRead ? ", with MiniLM's sentence vectors" : ", without sentence vectors";
  await writeLine(`${scores.questions} questions${isRead === undefined ? "" : read}`);
  await printTable([scoreRow(scores)]);
  const bySource = sourceRows(scores);
  if (bySource.length > 0) await printTable(bySource);
}

/** The rows whose photos can be read; the others are reported, and the exit code is then 1. */
async function readableRows(
  rows: readonly Located[],
  imageSize: number,
  quiet: boolean,
): Promise<Located[]> {
  const { unreadablePhotos } = await import("../unreadable.ts");
  const photos = [...new Set(rows.map(({ photo }) => photo))];
  const work = { total: photos.length, label: "checking", unit: "photos", quiet };
  const progress = createProgress(work);
  const { unreadable, warning } = await interruptible((signal) =>
    unreadablePhotos(photos, { imageSize, signal, onProgress: (done) => progress.update(done) }),
  ).finally(progress.stop);
  if (warning !== undefined) {
    writeNote(`warning: ${warning}`);
    process.exitCode = 1;
  }
  return rows.filter(({ photo }) => !unreadable.has(photo));
}
