import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEfficientNetLite } from "@attend/cnn-encoder";
import { assignWeights, readWeights } from "@attend/nn";
import { createRandom, loadEngine, tf } from "@attend/runtime";
import { Words } from "@attend/text";
import sharp from "sharp";
import { afterAll } from "vitest";
import { captionerConfigSchema } from "../src/config.ts";
import { captioners } from "../src/model.ts";
import type { CaptionDecoder } from "../src/network.ts";

const words = "a the dog cat man girl ball red blue runs sits on in with grass".split(" ");

/** Creates a model folder, three photos with different captions, and a file that is not a photo. */
export async function createFixture() {
  const folder = await mkdtemp(join(tmpdir(), "attend-captioner-"));
  afterAll(() => rm(folder, { recursive: true }));
  const model = join(folder, "model");
  await writeRandomModel(model);
  const photos = await Promise.all(
    [0, 60, 120].map((hue) => writePhoto(folder, `photo-${hue}.jpg`, { hue })),
  );
  const broken = join(folder, "broken.jpg");
  await writeFile(broken, "not a photo");
  return { folder, model, photos, broken };
}

/** Writes a captioner with random weights, which produces different nonsense for different photos. */
export async function writeRandomModel(
  folder: string,
  decoder: object = { embeddingSize: 16, hiddenSize: 16, attentionSize: 16 },
  seed = 1,
): Promise<void> {
  await loadEngine();
  const random = createRandom(seed);
  const config = captionerConfigSchema.parse({
    encoder: {},
    decoder,
    decoding: { beamWidth: 3, maxLength: 6, lengthPenalty: 0 },
  });
  const model = captioners.create(config, new Words(words), random);
  const encoder = createEfficientNetLite({ variant: 0 }, random);
  assignWeights(model.network.encoder, readWeights(encoder), "random");
  sharpen(model.network.decoder);
  await captioners.save(model, folder);
  encoder.dispose();
  model.network.dispose();
}

/** A freshly initialized decoder barely responds to the photo; this one does, and outputs some words. */
function sharpen(decoder: CaptionDecoder): void {
  for (const [name, parameter] of decoder.namedParameters()) {
    if (name.endsWith("kernel")) parameter.assign(tf.mul(parameter, 3));
    if (name === "embedding.table") parameter.assign(tf.mul(parameter, 20));
    if (name === "outputBias") {
      const bias = Array.from({ length: decoder.vocabularySize }, (_, id) =>
        id === Words.special.end ? -3 : 0,
      );
      parameter.assign(tf.tensor1d(bias));
    }
  }
}

/** Writes a simple image: a disc on a background, in the given hue. */
export async function writePhoto(
  folder: string,
  name: string,
  { hue = 0, width = 320, height = 240 } = {},
): Promise<string> {
  const path = join(folder, name);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="hsl(${hue} 60% 40%)"/>
    <circle cx="${60 + hue / 2}" cy="90" r="50" fill="hsl(${(hue + 150) % 360} 80% 70%)"/></svg>`;
  await sharp(Buffer.from(svg)).toFile(path);
  return path;
}
