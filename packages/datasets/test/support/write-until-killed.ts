/** Writes rows 0, 1, 2, ... into the cache `argv[2]` until it is killed; prints each to stdout. */
import { createFeatureCacheWriter } from "../../src/index.ts";

const shape = [64, 1024] as const;
const writer = await createFeatureCacheWriter(process.argv[2] ?? "", { key: "child", shape });
for (let row = writer.size; ; row++) {
  await writer.append([`photo-${row}`], new Float32Array(shape[0] * shape[1]).fill(row));
  process.stdout.write(`${row}\n`);
}
