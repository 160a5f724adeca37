import { median, takeTurns } from "../support/measure.ts";
import { memoryRow } from "../support/sides.ts";
import type { Row } from "../support/table.ts";
import type { Worker } from "../support/worker.ts";
import { type Setting, sides } from "./sides.ts";

/** A training step over a frozen encoder, including reading the feature maps from disk. */
export function measureTraining({ model, temporary, quick }: Setting): Promise<Row[]> {
  return sides(async (ours, torch) => {
    const { loss, description, ...forTorch } = await ours.ask<{
      loss: number;
      description: string;
    }>("train", { model, out: temporary });
    const started = await torch.ask<{ loss: number }>("train", { ...forTorch, model });
    console.log(`First loss ${loss.toFixed(5)}, PyTorch ${started.loss.toFixed(5)}.`);
    if (!(Math.abs(loss - started.loss) < 1e-3)) {
      throw new Error("the first losses differ by 0.001 or more: not the same model");
    }
    const turn = (side: Worker) => async () =>
      (await side.ask<{ times: number[] }>("steps", { count: quick ? 2 : 10 })).times;
    for (const side of [ours, torch]) await turn(side)();
    const [ourTimes = [], torchTimes = []] = await takeTurns(quick ? 1 : 4, [
      turn(ours),
      turn(torch),
    ]);
    return [
      {
        what: `training step, ${description}`,
        unit: "ms",
        ours: median(ourTimes),
        torch: median(torchTimes),
        target: { of: "ratio", atMost: 1 },
      },
      await memoryRow("- peak memory", ours, torch),
    ] satisfies Row[];
  });
}
