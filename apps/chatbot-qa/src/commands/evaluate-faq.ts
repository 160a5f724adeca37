import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createProgress,
  interruptible,
  noted,
  printTable,
  requireWritable,
  writeJsonLine,
  writeNote,
} from "@attend/cli-kit";
import { type FaqQuestion, readFaqQuestions } from "@attend/datasets";
import { writeFileAtomic } from "@attend/runtime/files";
import { assignQuestions } from "../faq/assign-questions.ts";
import { type Tested, testMatcher } from "../faq/evaluate.ts";
import { loadFaq } from "../faq/responder.ts";
import { chosenPoint, curveOf, scoresOf } from "../faq/scores.ts";
import { shippedFolder } from "../model.ts";
import { faqRow } from "../present/scores.ts";
import type { EvaluateFlags } from "./flags.ts";

/** `attend-chat evaluate --questions`. */
export async function evaluateFaq(flags: EvaluateFlags): Promise<void> {
  const { faq, curve, predictions } = flags;
  for (const file of [curve, predictions]) {
    // Fail before the work, not after.
    if (file !== undefined) await requireWritable(file);
  }
  const [questions, others] = [await read(flags.questions), await read(flags.unanswerable)];
  const folder = faq === undefined ? undefined : await mkdtemp(join(tmpdir(), "attend-chat-"));
  try {
    if (faq !== undefined && folder !== undefined) {
      const { teach } = await import("./teach-faq.ts");
      const { engine, quiet } = flags;
      await teach(faq, { out: folder, quiet, ...(engine && { engine }) });
    }
    const tested = await test(folder ?? flags.model ?? shippedFolder(), questions, others, flags);
    await report(tested, flags);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true });
  }
}

/** Asks the model of a folder every question. */
async function test(
  folder: string,
  questions: readonly FaqQuestion[],
  others: readonly FaqQuestion[],
  { questions: file = "", engine, quiet }: EvaluateFlags,
): Promise<Tested[]> {
  const bot = await loadFaq(folder, { engine });
  const tests = [
    ...assignQuestions(questions, bot.taught.pairs, file),
    ...others.map(({ question }) => ({ question, pair: undefined })),
  ];
  const work = { total: tests.length, label: "asking", unit: "questions", quiet };
  const progress = createProgress(work);
  return interruptible((signal) =>
    testMatcher(bot.matcher, tests, { signal, onProgress: (done) => progress.update(done) }),
  ).finally(() => {
    progress.stop();
    bot.close();
  });
}

async function report(tested: readonly Tested[], flags: EvaluateFlags): Promise<void> {
  const { curve, predictions, json } = flags;
  const scores = scoresOf(tested);
  if (predictions !== undefined) {
    const lines = tested.map((each) => JSON.stringify(each));
    await writeFileAtomic(predictions, `${lines.join("\n")}\n`);
  }
  if (curve !== undefined) {
    const { curvePng } = await import("../present/curve.ts");
    await writeFileAtomic(curve, await curvePng(curveOf(tested), chosenPoint(tested)));
    writeNote(curve);
  }
  if (json) return writeJsonLine(scores);
  await printTable([faqRow(scores)]);
}

async function read(file: string | undefined): Promise<readonly FaqQuestion[]> {
  if (file === undefined) return [];
  return (await noted(readFaqQuestions(file))).questions;
}
