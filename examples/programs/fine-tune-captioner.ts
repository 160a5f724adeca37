/**
 * Fine-tunes the shipped captioner on ten of your own photos. It keeps its weights and its vocabulary.
 *
 *     pnpm example fine-tune-captioner photos captions.csv runs/mine
 */
import { join } from "node:path";
import { readCaptions, splitCaptionSet } from "@attend/datasets";
import { loadCaptioner } from "@attend/image-captioning";
import { captioners, defaultTraining, trainCaptioner } from "@attend/image-captioning/training";
import { loadEngine } from "@attend/runtime";

const [photos = "photos", captions = "captions.csv", out = "runs/mine"] = process.argv.slice(2);
await loadEngine();

// Two of the photos are held out to choose the best weights.
const set = await readCaptions(captions, { imagesDirectory: photos });
const { train, heldOut } = splitCaptionSet(set, { heldOut: 2, seed: 1 });

const shipped = captioners.shippedFolder();
const { stages, ...rest } = defaultTraining();
const [decoder] = stages; // trains the decoder only; the encoder stays frozen
const config = {
  ...rest,
  model: await captioners.readConfig(shipped),
  stages: decoder ? [{ ...decoder, training: { ...decoder.training, epochs: 2 } }] : [],
};
const { scores } = await trainCaptioner({
  ...{ config, train: train.images, validation: heldOut.images, out, resume: true },
  start: { startFrom: shipped, encoderOnly: false },
  signal: new AbortController().signal,
  onEvent: (event) => event.type === "warning" && console.warn(event.message),
});
console.log(`METEOR ${scores.meteor.toFixed(3)} on the held-out photos`);

const captioner = await loadCaptioner({ model: join(out, "model") });
console.log((await captioner.caption(heldOut.images[0]?.file ?? "")).caption);
captioner.close();
