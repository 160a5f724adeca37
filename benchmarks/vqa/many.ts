import { median, takeTurns } from "../support/measure.ts";
import { memoryRow } from "../support/sides.ts";
import type { Row } from "../support/table.ts";
import type { Worker } from "../support/worker.ts";
import { type Setting, sides } from "./sides.ts";

/** PyTorch's batch sizes; the fastest counts. */
const batches = [1, 8, 32];

/** Answers per second: one photo with 200 questions, and 60 photos with a question each. */
export function measureMany(setting: Setting): Promise<Row[]> {
  const { model, photos, manyPhotos: copies, questions, ids, quick } = setting;
  const repeated = <Item>(items: readonly Item[], count: number) =>
    Array.from({ length: count }, (_, i) => items[i % items.length]);
  return sides(async (ours, torch) => {
    for (const side of [ours, torch]) await side.ask("load", { model });
    const rate = async (name: string, what: string, count: number, photo: object) => {
      const turn = (side: Worker, request: object) => async () => {
        const { seconds } = await side.ask<{ seconds: number }>(name, { ...photo, ...request });
        return [count / seconds];
      };
      const runs = [
        turn(ours, { questions: repeated(questions, count) }),
        ...batches.map((batch) => turn(torch, { questions: repeated(ids, count), batch })),
      ];
      await takeTurns(1, runs);
      const [ourRates = [], ...torchRates] = await takeTurns(quick ? 1 : 5, runs);
      return {
        what,
        unit: "answers/s",
        ours: median(ourRates),
        torch: Math.max(...torchRates.map(median)),
        target: { of: "ratio", atLeast: 1 },
      } as const;
    };
    const [manyQuestions, manyPhotos] = quick ? [40, 12] : [200, 60];
    return [
      await rate("manyQuestions", `one photo, ${manyQuestions} questions`, manyQuestions, {
        photo: photos[0],
      }),
      await rate("manyPhotos", `${manyPhotos} photos, a question each`, manyPhotos, {
        photos: copies.slice(0, manyPhotos),
      }),
      await memoryRow("- peak memory", ours, torch),
    ];
  });
}
