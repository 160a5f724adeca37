/**
 * Measures reading batches of 64 random rows of 49 x 1280 features from a cache of 4,000 photos in the page
 * cache: `pnpm exec tsx --conditions=@attend/source test/measure-feature-cache.ts`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@attend/runtime/random";
import { createFeatureCacheWriter, type FeatureKind, openFeatureCache } from "../src/index.ts";

const photos = 4000;
const batchSize = 64;
const kind: FeatureKind = { key: "measure", shape: [49, 1280] };
const elements = 49 * 1280;
const megabytes = (rows: number) => (rows * elements * 2) / 1e6;

const folder = mkdtempSync(join(tmpdir(), "attend-measure-"));
try {
  await writePhotos();
  await readBatches();
} finally {
  rmSync(folder, { recursive: true });
}

async function writePhotos(): Promise<void> {
  const random = createRandom(1);
  const features = Float32Array.from({ length: 32 * elements }, () => Math.max(0, random.normal()));
  const start = performance.now();
  const writer = await createFeatureCacheWriter(folder, kind);
  for (let i = 0; i < photos; i += 32) {
    await writer.append(
      Array.from({ length: 32 }, (_, j) => String(i + j)),
      features,
    );
  }
  await writer.finish();
  const seconds = (performance.now() - start) / 1000;
  console.log(`write: ${(megabytes(photos) / seconds).toFixed(0)} MB/s, flushed to disk`);
}

async function readBatches(): Promise<void> {
  const random = createRandom(2);
  const cache = await openFeatureCache(folder, kind);
  const into = new Float32Array(batchSize * elements);
  const [wall, cpu]: [number[], number[]] = [[], []];
  for (let batch = 0; batch < 200; batch++) {
    const rows = Array.from({ length: batchSize }, () => random.integer(photos));
    const [start, before] = [performance.now(), process.cpuUsage()];
    await cache.read(rows, into);
    const used = process.cpuUsage(before);
    wall.push(performance.now() - start);
    cpu.push((used.user + used.system) / 1000);
  }
  await cache.close();
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  const ms = median(wall);
  const rate = (megabytes(batchSize) / ms) * 1000;
  console.log(
    `read: ${batchSize} rows in ${ms.toFixed(1)} ms (median of ${wall.length}; ${median(cpu).toFixed(1)} ms of CPU time), ${rate.toFixed(0)} MB/s`,
  );
}
