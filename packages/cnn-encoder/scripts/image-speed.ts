/**
 * Milliseconds of CPU time to load and to augment a photo, and the memory of the process after every
 * hundred photos:
 *
 *     pnpm exec tsx --conditions=@attend/source scripts/image-speed.ts FOLDER [photos]
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { augment, loadImage } from "@attend/cnn-encoder";
import { createRandom } from "@attend/runtime/random";

const [folder = ".", count = "1000"] = process.argv.slice(2);
const files = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
const random = createRandom(1);
const size = 224;
const used = { load: 0, augment: 0 };
const memory: number[] = [];

async function measured<T>(what: keyof typeof used, run: () => T | Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  used[what] += (user + system) / 1000;
  return result;
}

for (let i = 0; i < Number(count); i++) {
  const file = files[i % files.length] ?? "";
  const { pixels } = await measured("load", () => loadImage(join(folder, file), { size }));
  await measured("augment", () => augment(pixels, size, random));
  if (i % 100 === 99) memory.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
}
const each = (total: number) => (total / Number(count)).toFixed(2);
process.stdout.write(
  `${count} photos: load ${each(used.load)} ms, augment ${each(used.augment)} ms; MiB after every hundred: ${memory.join(" ")}\n`,
);
