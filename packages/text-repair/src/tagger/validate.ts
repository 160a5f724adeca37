import { scorePunctuation } from "@attend/metrics";
import { yieldTurn } from "@attend/runtime";
import { restoredMarks } from "../score-texts.ts";
import { casings } from "../words/casing.ts";
import { type Mark, marks } from "../words/marks.ts";
import type { ExampleFile, ExampleWord } from "./examples.ts";
import type { TaggerModel } from "./model.ts";
import { bestClasses, tagAll } from "./tag.ts";

const batchSize = 64;

/**
 * How well a network restores the marks and capitals of examples.
 *
 * @returns F1 of all marks, of each, and the share of words with the right casing, where it is known
 * @throws AttendError INTERRUPTED if `signal` is aborted
 */
export async function measureTagger(
  model: TaggerModel,
  examples: ExampleFile,
  signal?: AbortSignal,
): Promise<Record<"f1" | (typeof restoredMarks)[number] | "casing", number>> {
  const [found, expected]: Mark[][] = [[], []];
  let [cased, right] = [0, 0];
  const all = Array.from({ length: examples.length }, (_, i) => i);
  for (let at = 0; at < all.length; at += batchSize) {
    await yieldTurn(signal);
    const rows = await examples.read(all.slice(at, at + batchSize));
    const tags = tagAll(model, rows.map(keysOf));
    for (const [i, row] of rows.entries()) {
      for (const index of bestClasses(tags[i]?.marks ?? new Float32Array(), marks.length)) {
        found?.push(marks[index] ?? "none");
      }
      expected?.push(...row.map(({ mark }) => mark));
      const letters = bestClasses(tags[i]?.casings ?? new Float32Array(), casings.length);
      for (const [step, { casing }] of row.entries()) {
        if (casing === undefined) continue;
        cased++;
        if (casings[letters[step] ?? 0] === casing) right++;
      }
    }
  }
  const scores = scorePunctuation(found ?? [], expected ?? [], restoredMarks);
  const [comma, period, question] = restoredMarks.map((mark) => scores.marks[mark].f1);
  return {
    f1: scores.micro.f1,
    ...{ comma: comma ?? 0, period: period ?? 0, question: question ?? 0 },
    casing: right / Math.max(cased, 1),
  };
}

const keysOf = (row: readonly ExampleWord[]) => row.map(({ key }) => key);
