import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createEfficientNetLite, loadImage, toInput } from "@attend/cnn-encoder";
import { beamSearch, forward } from "@attend/decoding";
import { assignWeights, readWeights } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { Words } from "@attend/text";
import { captionerConfigSchema } from "../../apps/image-captioning/src/config.ts";
import { type Captioner, loadCaptioner } from "../../apps/image-captioning/src/index.ts";
import { captioners } from "../../apps/image-captioning/src/model.ts";
import { median } from "../support/measure.ts";

const vocabularySize = 6000;
/** The PyTorch side's beam search has no constraints. */
const search = { noRepeatNgram: 0 };

let captioner: Captioner | undefined;

export async function load({ model }: { model: string }) {
  captioner = await loadCaptioner({ model });
  return {};
}

/** Captions one photo after another, and returns the milliseconds of each. */
export async function caption({ photos }: { photos: string[] }) {
  const [captions, times] = [[] as object[], [] as number[]];
  for (const photo of photos) {
    const begin = performance.now();
    const { tokens, logProbability } = await loaded().caption(photo, search);
    times.push(performance.now() - begin);
    captions.push({ tokens, logProbability });
  }
  return { captions, times };
}

export async function folder({ photos, batch }: { photos: string[]; batch: number }) {
  const begin = performance.now();
  for await (const { error } of loaded().captionAll(photos, { batch, ...search }))
    if (error) throw error;
  return { seconds: (performance.now() - begin) / 1000 };
}

function loaded(): Captioner {
  if (captioner === undefined) throw new Error("load comes first");
  return captioner;
}

/** Writes the photos' pixels and the logits of captions under teacher forcing for the PyTorch side. */
export async function answers(request: {
  model: string;
  photos: string[];
  captions: string[][];
  out: string;
}) {
  const model = await captioners.load(request.model);
  const size = model.config.encoder.imageSize;
  const images = await Promise.all(request.photos.map((photo) => loadImage(photo, { size })));
  const [pixels, logits] = [join(request.out, "pixels.u8"), join(request.out, "logits.f32")];
  await writeFile(pixels, Buffer.concat(images.map(({ pixels }) => pixels)));

  const { pad, start } = model.tokens.special;
  const captions = request.captions.map((words) => [
    start,
    ...model.tokens.encode(words.join(" ")),
  ]);
  const steps = Math.max(...captions.map((ids) => ids.length));
  const tokens = captions.map((ids) => [...ids, ...Array(steps - ids.length).fill(pad)]);
  const values = tf.tidy(() => {
    const input = toInput(
      images.map(({ pixels }) => pixels),
      size,
    );
    const state = model.network.decoder.start(model.network.encoder.fold().encode(input));
    return forward(model.network.decoder, tf.tensor2d(tokens, undefined, "int32"), state).logits;
  });
  await writeFile(logits, new Uint8Array(Float32Array.from(values.dataSync()).buffer));
  model.network.dispose();
  return { pixels, logits, tokens };
}

/** Median milliseconds of each part of captioning a photo. */
export async function stages(request: { model: string; photo: string; repeats: number }) {
  const model = await captioners.load(request.model);
  const size = model.config.encoder.imageSize;
  const encoder = model.network.encoder.fold();
  const { pixels } = await loadImage(request.photo, { size });
  const encode = () => encoder.encode(tf.tidy(() => toInput([pixels], size)));
  const encoding = encode();
  const parts = {
    decode: () => loadImage(request.photo, { size }),
    encode: () => tf.dispose(encode()),
    beam: () =>
      beamSearch(model.network.decoder, encoding, model.tokens.special, {
        ...model.config.decoding,
        ...search,
      }),
  };
  const times = new Map<string, number>();
  for (const [name, run] of Object.entries(parts)) {
    const all: number[] = [];
    for (let i = 0; i < request.repeats + 2; i++) {
      const begin = performance.now();
      await run();
      all.push(performance.now() - begin);
    }
    times.set(name, median(all.slice(2)));
  }
  return Object.fromEntries(times);
}

/** A model of the usual sizes with random weights, whose captions are nonsense. */
export async function writeRandomModel(request: { folder: string }) {
  const random = createRandom(1);
  const words = Array.from({ length: vocabularySize - new Words([]).size }, (_, i) => `w${i}`);
  const config = captionerConfigSchema.parse({ encoder: {}, decoder: {}, decoding: {} });
  const model = captioners.create(config, new Words(words), random);
  const encoder = createEfficientNetLite({ variant: config.encoder.variant }, random);
  assignWeights(model.network.encoder, readWeights(encoder), "random");
  encoder.dispose();
  tf.tidy(() => {
    // With its initial weights, a decoder barely responds to the photo, and all words are about equally likely.
    const ending = tf.oneHot(
      tf.scalar(Words.special.end, "int32"),
      vocabularySize,
      8,
      0,
      "float32",
    );
    for (const [name, parameter] of model.network.decoder.namedParameters()) {
      if (name.endsWith("kernel")) parameter.assign(tf.mul(parameter, 2));
      if (name === "embedding.table") parameter.assign(tf.mul(parameter, 10));
      if (name === "outputBias") parameter.assign(ending);
    }
  });
  await captioners.save(model, request.folder);
  model.network.dispose();
  return {};
}
