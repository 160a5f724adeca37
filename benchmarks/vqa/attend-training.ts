import { join } from "node:path";
import { encodingOf } from "@attend/cnn-encoder";
import { featureReader } from "@attend/cnn-encoder/features";
import { openFeatureCache } from "@attend/datasets";
import { createRandom, tf } from "@attend/runtime";
import { train as trainModule } from "@attend/training";
import { type Examples, questionBatch } from "../../apps/visual-qa/src/dataset.ts";
import { photosOf } from "../../apps/visual-qa/src/images.ts";
import { answerers } from "../../apps/visual-qa/src/index.ts";
import { fusionTask } from "../../apps/visual-qa/src/task.ts";
import { defaultTraining } from "../../apps/visual-qa/src/training.ts";
import { Gate } from "../support/gate.ts";
import { writeRandomFeatures } from "../support/random-features.ts";

const photos = 320;
const photosPerBatch = 16;
const questionsPerPhoto = 8;
const shape: [number, number] = [81, 1280];

/** Runs the next `count` steps and returns the milliseconds of each. */
let run: ((count: number) => Promise<number[]>) | undefined;

/**
 * Starts training as `attend-vqa train` does on a frozen encoder, on random features and questions as long as people's,
 * and waits for `steps`.
 *
 * @returns what the PyTorch side needs for the same training, and the loss of the first photos without dropout
 */
export async function train({ model: folder, out }: { model: string; out: string }) {
  const model = await answerers.load(folder);
  const { network, tokens } = model;
  network.encoder.setTrainable(false);
  const random = createRandom(1);
  const files = Array.from({ length: photos }, (_, i) => `${i}.jpg`);
  const cache = join(out, "features");
  await writeRandomFeatures(cache, files, shape, random);
  const examples = Array.from({ length: photos * questionsPerPhoto }, (_, i) => {
    const length = Math.min(15, Math.max(3, Math.round(6.2 + 1.8 * random.normal())));
    return {
      photo: Math.floor(i / questionsPerPhoto),
      question: "",
      words: Array.from({ length }, () => 4 + random.integer(tokens.words.size - 4)),
      answer: { ids: [random.integer(tokens.answers.length)], shares: [1] },
    };
  });
  const read = featureReader(await openFeatureCache(cache), files);

  const first = examples.filter(({ photo }) => photo < photosPerBatch);
  const map = await read([...Array(photosPerBatch).keys()]);
  const loss = tf.tidy(() => {
    const image = photosOf(
      encodingOf(map),
      first.map(({ photo }) => photo),
    );
    const question = questionBatch(first.map(({ words }) => words));
    const { joint } = network.fusion.fuse(question, image);
    const targets = network.answers.load(first.map(({ answer }) => answer));
    return targets.loss(joint, image).dataSync()[0];
  });
  map.dispose();

  const gate = new Gate();
  run = (count) => gate.pass(count);
  const config = { ...defaultTraining(), photosPerBatch };
  const all: Examples = { files, examples, unanswerable: 0 };
  const task = fusionTask(network, all, config, (indices) => read(indices));
  type Batch = Parameters<typeof task.release>[0];
  const gated = { ...task, prepare: (batch: Batch) => gate.wait(batch) };
  // There is no validation, so there is no metric to watch; the steps never end.
  const { earlyStopping: _, keepBest: __, epochs: ___, ...training } = config.training;
  const endless = { ...training, maxSteps: 1e6, tensorboard: false, checkpointEvery: {} };
  void trainModule(network, gated, endless, {
    out: join(out, "training"),
    onEvent: ({ type }) => type === "step" && gate.stepped(),
  });
  const byPhoto = files.map((_, photo) => examples.filter((each) => each.photo === photo));
  const { optimizer, clipNorm } = training;
  return {
    ...{ shape, photosPerBatch, loss },
    features: join(cache, "features.f16"),
    questions: byPhoto.map((each) => each.map(({ words }) => words)),
    answers: byPhoto.map((each) => each.map(({ answer }) => answer.ids[0])),
    options: { learningRate: optimizer.learningRate, clipNorm },
    description: `${photosPerBatch * questionsPerPhoto} questions about ${photosPerBatch} photos, frozen encoder`,
  };
}

export async function steps({ count }: { count: number }) {
  if (run === undefined) throw new Error("train comes first");
  return { times: await run(count) };
}
