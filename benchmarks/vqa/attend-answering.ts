import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadImage, toInput } from "@attend/cnn-encoder";
import { assignWeights, readWeights } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { Words } from "@attend/text";
import { captioners } from "../../apps/image-captioning/src/model.ts";
import { answererConfigSchema } from "../../apps/visual-qa/src/config.ts";
import { encodeQuestion, questionBatch } from "../../apps/visual-qa/src/dataset.ts";
import { type Answerer, answerers, loadAnswerer } from "../../apps/visual-qa/src/index.ts";
import { scoreAll } from "../../apps/visual-qa/src/scored.ts";
import { defaultTraining } from "../../apps/visual-qa/src/training.ts";

const [vocabularySize, answerCount] = [5000, 1000];

/** A model as `attend-vqa train` creates by default, on the shipped captioner's encoder, not trained. */
export async function writeModel({ model, questions }: { model: string; questions: string[] }) {
  const { fusion, ...config } = defaultTraining().model;
  const known = [...new Set(questions.flatMap((question) => question.toLowerCase().match(/\w+/g)))];
  const special = new Words([]).size;
  const names = Array.from({ length: vocabularySize - special }, (_, i) => known[i] ?? `w${i}`);
  const tokens = {
    words: new Words(names),
    answers: Array.from({ length: answerCount }, (_, i) => `answer ${i}`),
  };
  const channels = 1280;
  const made = answerers.create(
    answererConfigSchema.parse({ ...config, fusion: { ...fusion, vocabularySize, channels } }),
    tokens,
    createRandom(1),
  );
  const captioner = await captioners.load();
  assignWeights(made.network.encoder, readWeights(captioner.network.encoder), "the captioner");
  await answerers.save(made, model);
  captioner.network.dispose();
  made.network.dispose();
  return { ids: questions.map((question) => encodeQuestion(question, tokens, config.maxWords)) };
}

let answerer: Answerer | undefined;
let folder = "";

export async function load({ model }: { model: string }) {
  answerer = await loadAnswerer({ model });
  folder = model;
  return {};
}

function loaded(): Answerer {
  if (answerer === undefined) throw new Error("load comes first");
  return answerer;
}

/** A photo for each question: writes their pixels and logits for the PyTorch side. */
export async function answers(request: { photos: string[]; questions: string[]; out: string }) {
  const { photos, questions, out } = request;
  const model = await answerers.load(folder);
  const { imageSize: size, maxWords } = model.config;
  const images = await Promise.all(photos.map((photo) => loadImage(photo, { size })));
  const [pixels, logits] = [join(out, "pixels.u8"), join(out, "logits.f32")];
  await writeFile(pixels, Buffer.concat(images.map((image) => image.pixels)));
  const { network, tokens } = model;
  const input = toInput(
    images.map((image) => image.pixels),
    size,
  );
  const encoding = network.encoder.encode(input);
  const asked = questionBatch(questions.map((text) => encodeQuestion(text, tokens, maxWords)));
  const values = scoreAll(network, asked, encoding).map((each) => each.logits);
  await writeFile(
    logits,
    new Uint8Array(Float32Array.from(values.flatMap((row) => [...row])).buffer),
  );
  const best = values.map((row) => row.indexOf(Math.max(...row)));
  tf.dispose([input, encoding, asked.tokens]);
  network.dispose();
  return { pixels, logits, answers: best };
}

/** Milliseconds of each question; that of the first includes reading and encoding the photo. */
export async function ask({ photo, questions }: { photo: string; questions: string[] }) {
  const times: number[] = [];
  for (const question of questions) {
    const begin = performance.now();
    await loaded().ask(photo, question);
    times.push(performance.now() - begin);
  }
  return { times };
}

export function manyQuestions({ photo, questions }: { photo: string; questions: string[] }) {
  return answerAll(questions.map((question) => ({ photo, question })));
}

export function manyPhotos({ photos, questions }: { photos: string[]; questions: string[] }) {
  return answerAll(photos.map((photo, i) => ({ photo, question: questions[i] ?? "" })));
}

async function answerAll(rows: readonly { photo: string; question: string }[]) {
  const begin = performance.now();
  for await (const { error } of loaded().askAll(rows)) if (error) throw error;
  return { seconds: (performance.now() - begin) / 1000 };
}
