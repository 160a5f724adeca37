import { median, takeTurns } from "../support/measure.ts";
import { memoryRow } from "../support/sides.ts";
import type { Row } from "../support/table.ts";
import type { Worker } from "../support/worker.ts";
import { type Setting, sides } from "./sides.ts";

interface Started {
  readonly decoder: object;
  readonly weights: string;
  readonly loss: number;
}

const names = {
  after: "training step, 64 captions, attending after the LSTM",
  before: "training step, 64 captions, attending before it (Show, Attend and Tell)",
} as const;

/** A decoder training step, including reading the features from disk. */
export async function measureTraining({ temporary, quick }: Setting): Promise<Row[]> {
  const data = await sides((ours) =>
    ours.ask<{ files: string[]; cache: string; description: string }>("trainingData", {
      out: temporary,
    }),
  );
  const { description, files, cache, ...forTorch } = data;
  console.log(`\nTraining on ${description}.`);
  const rows: Row[] = [];
  for (const placement of ["after", "before"] as const) {
    rows.push(
      ...(await sides(async (ours, torch) => {
        const { loss, ...same } = await ours.ask<Started>("train", {
          placement,
          data,
          out: temporary,
        });
        const started = await torch.ask<Started>("train", { ...same, ...forTorch });
        console.log(
          `- ${placement}: first loss ${loss.toFixed(5)}, PyTorch ${started.loss.toFixed(5)}`,
        );
        if (!(Math.abs(loss - started.loss) < 1e-3)) {
          throw new Error("the first losses differ by 0.001 or more: not the same model");
        }
        const turn = (side: Worker) => async () =>
          (await side.ask<{ times: number[] }>("steps", { count: 10 })).times;
        for (const side of [ours, torch]) await turn(side)();
        const [ourTimes = [], torchTimes = []] = await takeTurns(quick ? 1 : 4, [
          turn(ours),
          turn(torch),
        ]);
        return [
          {
            what: names[placement],
            unit: "ms",
            ours: median(ourTimes),
            torch: median(torchTimes),
            target: { of: "ratio", atMost: 1.2 },
          },
          await memoryRow("- peak memory", ours, torch),
        ] satisfies Row[];
      })),
    );
  }
  return rows;
}
