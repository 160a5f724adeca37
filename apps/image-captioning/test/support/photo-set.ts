import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writePhoto } from "../fixture.ts";

const subjects = ["a dog", "the cat", "a man", "the girl"];
const actions = ["sits on grass", "runs", "sits in the red ball"];

/** Writes photos with two captions each: the folder `images` and the file `captions`. */
export async function writePhotoSet(
  folder: string,
  count: number,
): Promise<{ images: string; captions: string; names: string[] }> {
  const [images, captions] = [join(folder, "photos"), join(folder, "captions.csv")];
  await mkdir(images, { recursive: true });
  const names = Array.from({ length: count }, (_, i) => `${i}.png`);
  const rows = names.flatMap((name, i) => [
    `${name},${subjects[i % 4]} ${actions[i % 3]}`,
    `${name},"${subjects[i % 4]}, ${actions[(i + 1) % 3]}"`,
  ]);
  await Promise.all(
    names.map((name, i) =>
      writePhoto(images, name, { hue: (i * 360) / count, width: 80, height: 60 }),
    ),
  );
  await writeFile(captions, `${["image,caption", ...rows].join("\n")}\n`);
  return { images, captions, names };
}

/** A config that trains all three stages for a few steps each. */
export function tinyTraining() {
  const training = (epochs: number, learningRate: number) => ({
    epochs,
    optimizer: { name: "adam", learningRate },
    clipNorm: 5,
    checkpointEvery: { steps: 2 },
    tensorboard: false,
  });
  return {
    seed: 3,
    model: {
      encoder: { imageSize: 64 },
      decoder: { embeddingSize: 16, hiddenSize: 16, attentionSize: 16, dropout: 0.1 },
      decoding: { beamWidth: 2, maxLength: 6, lengthPenalty: 0 },
    },
    vocabulary: { minCount: 1, maxWords: 8 },
    stages: [
      {
        name: "decoder",
        photosPerBatch: 4,
        training: { ...training(4, 0.01), ema: { decay: 0.5 } },
      },
      {
        name: "end-to-end",
        photosPerBatch: 2,
        trainableFrom: 14,
        training: training(2, 1e-3),
      },
      { name: "self-critical", photosPerBatch: 2, samples: 2, training: training(2, 1e-3) },
    ],
  };
}
