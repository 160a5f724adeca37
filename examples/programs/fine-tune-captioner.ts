/**
 * Teaches the shipped captioner about ten photos of your own: it starts with all it knows, and no word it lacks is needed.
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

// Two of the photos are not trained on, and choose the best weights.
const set = await readCaptions(captions, { imagesDirectory: photos });
const { train, heldOut } = splitCaptionSet(set, { heldOut: 2, seed: 1 });

const shipped = captioners.shippedFolder();
const { stages, ...rest } = defaultTraining();
const [decoder] = stages; // the decoder alone; the encoder stays as it is
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
console.log(`METEOR ${scores.meteor.toFixed(3)} on the photos held out`);

const captioner = await loadCaptioner({ model: join(out, "model") });
console.log((await captioner.caption(heldOut.images[0]?.file ?? "")).caption);
captioner.close();
