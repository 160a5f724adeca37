import { join } from "node:path";
import { encodingOf } from "@attend/cnn-encoder";
import { readDataSet } from "@attend/datasets";
import { saveWeights } from "@attend/nn";
import { AttendError, createRandom, type Random, tf } from "@attend/runtime";
import { learnWords, Words } from "@attend/text";
import { train as trainModule } from "@attend/training";
import { type Example, encodeExamples, textsOf } from "../../apps/image-captioning/src/dataset.ts";
import { captionLoss, captionReader } from "../../apps/image-captioning/src/tasks/captions.ts";
import type { Batch } from "../../apps/image-captioning/src/tasks/cross-entropy.ts";
import { Gate } from "../support/gate.ts";
import { writeRandomFeatures } from "../support/random-features.ts";
import {
  type Data,
  decoderTraining,
  maxSteps,
  options,
  photosPerBatch,
  vocabularySize,
} from "./decoder-training.ts";

const photos = 320;
const captionsPerPhoto = 4;
const shape: [number, number] = [49, 1280];

/** Writes the features that both sides read, and returns what else they need to know about the data. */
export async function trainingData({ out }: { out: string }) {
  const random = createRandom(1);
  const { examples, source } = await captions(random);
  const cache = join(out, "features");
  const ids = examples.flatMap(({ file }) => [file, `${file}#mirrored`]);
  await writeRandomFeatures(cache, ids, shape, random);
  const lengths = examples.flatMap((example) => example.captions.map((ids) => ids.length));
  return {
    shape,
    cache,
    features: join(cache, "features.f16"),
    files: examples.map(({ file }) => file),
    captions: examples.map((example) => example.captions),
    photosPerBatch,
    options,
    description: `${source}, ${(lengths.reduce((sum, length) => sum + length) / lengths.length).toFixed(1)} words on average, ${Math.max(...lengths)} at most`,
  };
}

/** Captions of Flickr8k, or if it is missing, random ones of similar lengths. */
async function captions(random: Random): Promise<{ examples: Example[]; source: string }> {
  try {
    const { images } = await readDataSet("flickr8k", "train");
    const special = new Words([]).size;
    const { tokens } = learnWords(textsOf(images)).toJSON();
    const known = new Words(tokens.slice(special, vocabularySize));
    const chosen = random.shuffle([...images]).slice(0, photos);
    const examples = encodeExamples(chosen, known).map(({ file, captions: all }) => ({
      file,
      captions: all.slice(0, captionsPerPhoto).map((ids) => ids.slice(0, maxSteps - 1)),
    }));
    return { examples, source: "captions of Flickr8k" };
  } catch (thrown) {
    if (!(AttendError.isInstance(thrown) && thrown.code === "DATA_MISSING")) throw thrown;
  }
  const caption = () => {
    const length = Math.round(10.8 + 3.8 * random.normal());
    const ids = { length: Math.min(maxSteps - 1, Math.max(4, length)) };
    return Array.from(ids, () => 4 + random.integer(vocabularySize - 4));
  };
  const examples = Array.from({ length: photos }, (_, i) => ({
    file: `${i}.jpg`,
    captions: Array.from({ length: captionsPerPhoto }, caption),
  }));
  return { examples, source: "random captions" };
}

/** Runs the next `count` steps and returns the milliseconds of each. */
let run: ((count: number) => Promise<number[]>) | undefined;

/**
 * Starts the training, and waits for `steps`.
 *
 * @returns what the PyTorch side needs for the same training: config, initial weights, and the loss of the first
 *   batch without augmentation and dropout
 */
export async function train(request: { placement: "after" | "before"; data: Data; out: string }) {
  const { placement, data, out } = request;
  const { config, module, task, training, read, examples } = await decoderTraining(placement, data);
  const weights = join(out, `${placement}.safetensors`);
  await saveWeights(module, weights);

  const first = Array.from({ length: photosPerBatch }, (_, i) => i);
  const map = await read(first);
  const loss = tf.tidy(() =>
    captionLoss(module, encodingOf(map), captionReader(examples, {}, maxSteps)(first), {
      ...options,
      attentionPenalty: 0,
    }).dataSync(),
  )[0];
  map.dispose();

  const gate = new Gate();
  run = (count) => gate.pass(count);
  const gated = { ...task, prepare: (batch: Batch) => gate.wait(batch) };
  void trainModule(module, gated, training, {
    out: join(out, placement),
    onEvent: ({ type }) => type === "step" && gate.stepped(),
  });
  return { decoder: config.decoder, weights, loss };
}

export async function steps({ count }: { count: number }) {
  if (run === undefined) throw new Error("train comes first");
  return { times: await run(count) };
}
