import {
  createProgress,
  interruptible,
  noted,
  printTable,
  requireWritable,
  writeJsonLine,
} from "@attend/cli-kit";
import { readLabeledTexts } from "@attend/datasets";
import { writeFileAtomic } from "@attend/runtime/files";
import { loadIntents } from "../intents/responder.ts";
import { intentScores } from "../intents/scores.ts";
import { shippedFolder } from "../model.ts";
import { intentRow } from "../present/scores.ts";
import type { EvaluateFlags } from "./flags.ts";

/** Texts that are classified at a time. */
const batchSize = 64;

/** `attend-chat evaluate --intents`. */
export async function evaluateIntents(file: string, flags: EvaluateFlags): Promise<void> {
  const { model = shippedFolder(), predictions, engine, quiet } = flags;
  if (predictions !== undefined) await requireWritable(predictions);
  const { examples } = await noted(readLabeledTexts(file));
  const bot = await loadIntents(model, { engine });
  const work = { total: examples.length, label: "classifying", unit: "texts", quiet };
  const progress = createProgress(work);
  const rows = await interruptible(async (signal) => {
    const found = [];
    for (let at = 0; at < examples.length; at += batchSize) {
      const batch = examples.slice(at, at + batchSize);
      const results = await bot.classifier.classify(
        batch.map(({ text }) => text),
        { signal },
      );
      for (const [i, result] of results.entries()) {
        const { text = "", intent: expected = "" } = batch[i] ?? {};
        found.push({ text, expected, ...result });
      }
      progress.update(found.length);
    }
    return found;
  }).finally(() => {
    progress.stop();
    bot.close();
  });
  if (predictions !== undefined) {
    await writeFileAtomic(predictions, `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
  }
  const scores = intentScores(rows);
  if (flags.json) return writeJsonLine(scores);
  await printTable([intentRow(scores)]);
}
