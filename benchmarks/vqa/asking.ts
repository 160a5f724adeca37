import { median, takeTurns } from "../support/measure.ts";
import { memoryRow } from "../support/sides.ts";
import type { Row } from "../support/table.ts";
import type { Worker } from "../support/worker.ts";
import { type Setting, sides } from "./sides.ts";

interface Times {
  /** Milliseconds of each question; that of the first includes reading and encoding the photo. */
  readonly times: readonly number[];
}

/** One question after another, as in a conversation, warm: about a new photo, and further ones about the same. */
export function measureAsking({ model, photos, questions, ids, quick }: Setting): Promise<Row[]> {
  return sides(async (ours, torch) => {
    const distinct = [...new Set(photos)];
    const turn = async (side: Worker) => {
      const asked = side === ours ? questions : ids;
      const all: Times[] = [];
      for (const photo of distinct) all.push(await side.ask("ask", { photo, questions: asked }));
      return all;
    };
    for (const side of [ours, torch]) {
      await side.ask("load", { model });
      await turn(side);
    }
    const [ourTimes = [], torchTimes = []] = await takeTurns(quick ? 2 : 8, [
      () => turn(ours),
      () => turn(torch),
    ]);
    const row = (what: string, timesOf: (each: Times) => readonly number[]) => {
      const of = (side: readonly Times[]) => median(side.flatMap(timesOf));
      const target = { of: "ratio", atMost: 1 } as const;
      return { what, unit: "ms", ours: of(ourTimes), torch: of(torchTimes), target } as const;
    };
    return [
      row("a question about a new photo, warm", ({ times }) => times.slice(0, 1)),
      row("a further question about it", ({ times }) => times.slice(1)),
      await memoryRow("- peak memory", ours, torch),
    ];
  });
}
