import {
  createProgress,
  interruptible,
  printTable,
  requireWritable,
  writeJsonLine,
} from "@attend/cli-kit";
import { writeFileAtomic } from "@attend/runtime/files";
import { shippedFolder } from "../model.ts";
import { storyRow } from "../present/scores.ts";
import { loadStories } from "../stories/responder.ts";
import { type AnsweredQuestion, storyScores } from "../stories/scores.ts";
import type { EvaluateFlags } from "./flags.ts";
import { readStories } from "./read-stories.ts";

/** `attend-chat evaluate --stories`. */
export async function evaluateStories(file: string, flags: EvaluateFlags): Promise<void> {
  const { model = shippedFolder(), predictions, engine, quiet } = flags;
  if (predictions !== undefined) await requireWritable(predictions);
  const questions = await readStories(file);
  const bot = await loadStories(model, { engine });
  const work = { total: questions.length, label: "asking", unit: "questions", quiet };
  const progress = createProgress(work);
  const rows = await interruptible(async (signal) => {
    const answered: AnsweredQuestion[] = [];
    for (const { story, question, answer: expected } of questions) {
      const { answer, confidence, confident } = await bot.answer(story, question, { signal });
      answered.push({ question, expected, answer, confidence, confident });
      progress.update(answered.length);
    }
    return answered;
  }).finally(() => {
    progress.stop();
    bot.close();
  });
  if (predictions !== undefined) {
    await writeFileAtomic(predictions, `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
  }
  const scores = storyScores(rows);
  if (flags.json) return writeJsonLine(scores);
  await printTable([storyRow(scores)]);
}
