import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readDataSet } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { median, takeTurns } from "../support/measure.ts";
import { memoryRow } from "../support/sides.ts";
import type { Row } from "../support/table.ts";
import type { Worker } from "../support/worker.ts";
import { type Setting, sides } from "./sides.ts";

const count = 200;
const batches = [8, 16, 32];

/** Photos per second for an entire folder, each side with its best batch size. */
export function measureFolder({ model, photos, temporary, quick }: Setting): Promise<Row[]> {
  return sides(async (ours, torch) => {
    const { files, source } = await manyPhotos(photos, temporary, torch);
    for (const side of [ours, torch]) {
      await side.ask("load", { model });
      await side.ask("folder", { photos: files.slice(0, 32), batch: 16 });
    }
    const best = { ours: { speed: 0, batch: 0 }, torch: { speed: 0, batch: 0 } };
    for (const batch of batches) {
      const turn = (side: Worker) => async () => {
        const { seconds } = await side.ask<{ seconds: number }>("folder", { photos: files, batch });
        return [files.length / seconds];
      };
      const [ourRates = [], torchRates = []] = await takeTurns(quick ? 1 : 3, [
        turn(ours),
        turn(torch),
      ]);
      const [ourSpeed, torchSpeed] = [median(ourRates), median(torchRates)];
      if (ourSpeed > best.ours.speed) best.ours = { speed: ourSpeed, batch };
      if (torchSpeed > best.torch.speed) best.torch = { speed: torchSpeed, batch };
    }
    return [
      {
        what: `${files.length} photos (${source}), batches of ${best.ours.batch}, PyTorch ${best.torch.batch}`,
        unit: "photos/s",
        ours: best.ours.speed,
        torch: best.torch.speed,
        target: { of: "ratio", atLeast: 1 },
      },
      await memoryRow("- peak memory of all batch sizes", ours, torch),
    ];
  });
}

/** Photos of Flickr8k, or if it is missing, variations of the examples. */
async function manyPhotos(photos: readonly string[], temporary: string, torch: Worker) {
  try {
    const { images } = await readDataSet("flickr8k", "dev");
    return {
      files: images.slice(0, count).map(({ file }) => file),
      source: "Flickr8k dev, 224 x 224",
    };
  } catch (thrown) {
    if (!(AttendError.isInstance(thrown) && thrown.code === "DATA_MISSING")) throw thrown;
  }
  const out = join(temporary, "photos");
  await mkdir(out);
  const varied = await torch.ask<{ photos: string[] }>("varyPhotos", { photos, count, out });
  return { files: varied.photos, source: "crops of the examples, 500 x 375" };
}
