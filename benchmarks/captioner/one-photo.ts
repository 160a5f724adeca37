import { median, takeTurns } from "../support/measure.ts";
import { memoryRow } from "../support/sides.ts";
import type { Row } from "../support/table.ts";
import type { Worker } from "../support/worker.ts";
import { type Captioned, type Setting, sides } from "./sides.ts";

/** From a photo's file to its caption, warm, followed by the time of each part. */
export async function measurePhoto(setting: Setting): Promise<Row[]> {
  const { model, photos, quick } = setting;
  const total = await sides(async (ours, torch) => {
    // The first photo of a turn warms up.
    const turn = async (side: Worker) => {
      const request = { photos: [...photos.slice(-1), ...photos] };
      return (await side.ask<Captioned>("caption", request)).times.slice(1);
    };
    for (const side of [ours, torch]) {
      await side.ask("load", { model });
      for (let i = 0; i < 2; i++) await turn(side);
    }
    const rounds = quick ? 3 : 12;
    const [ourTimes = [], torchTimes = []] = await takeTurns(rounds, [
      () => turn(ours),
      () => turn(torch),
    ]);
    return [
      {
        what: "one photo to its caption, warm",
        unit: "ms",
        ours: median(ourTimes),
        torch: median(torchTimes),
        target: { of: "ratio", atMost: 1 },
      },
      await memoryRow("- peak memory", ours, torch),
    ] satisfies Row[];
  });
  return [...total, ...(await measureParts(setting))];
}

function measureParts({ model, photos, quick }: Setting): Promise<Row[]> {
  return sides(async (ours, torch) => {
    await torch.ask("load", { model });
    const turn = (side: Worker) => async () => [
      await side.ask<Record<string, number>>("stages", {
        ...(side === ours && { model }),
        photo: photos[0],
        repeats: 10,
      }),
    ];
    const [ourTimes = [], torchTimes = []] = await takeTurns(quick ? 1 : 3, [
      turn(ours),
      turn(torch),
    ]);
    const parts = {
      decode: "reading the image",
      encode: "encoder",
      beam: "beam search",
    };
    return Object.entries(parts).map(([part, name]) => {
      const of = (turns: Record<string, number>[]) =>
        median(turns.map((t) => t[part] ?? Number.NaN));
      return { what: `- of which ${name}`, unit: "ms", ours: of(ourTimes), torch: of(torchTimes) };
    });
  });
}
