/**
 * Top-1 and top-5 accuracy of EfficientNet-Lite on the ImageNet sample in the data folder (one photo
 * per class, labeled by its name), with this package's image loading:
 *
 *     pnpm exec tsx --conditions=@attend/source scripts/imagenet-sample.ts [--unfolded] \
 *         [--variant 2 --weights lite2.safetensors]
 */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  efficientNetLiteSchema,
  loadImage,
  loadPytorchEfficientNetLite,
  toInput,
} from "@attend/cnn-encoder";
import { AttendError, loadEngine, tf } from "@attend/runtime";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const dataRoot = process.env["ATTEND_DATA"] ?? join(repository, "../shared/data");
const folder = join(dataRoot, "imagenet-sample");
const { values } = parseArgs({
  options: {
    unfolded: { type: "boolean", default: false },
    variant: { type: "string", default: "0" },
    weights: {
      type: "string",
      default: join(dataRoot, "../models/efficientnet-lite0/model.safetensors"),
    },
  },
});
const { weights } = values;
for (const path of [folder, weights]) {
  if (!existsSync(path)) {
    throw new AttendError(
      "DATA_MISSING",
      `${path} does not exist; set ATTEND_DATA to the data folder`,
    );
  }
}

const engine = await loadEngine();
const { variant } = efficientNetLiteSchema.parse({ variant: Number(values.variant) });
const folded = !values.unfolded;
const network = await loadPytorchEfficientNetLite(weights, { variant, classifier: true, folded });
const size = network.imageSize;
const files = (await readdir(folder)).sort(); // the file name starts with the synset
const started = performance.now();
const batchSize = 32;
let [top1, top5] = [0, 0];
for (let start = 0; start < files.length; start += batchSize) {
  const batch = files.slice(start, start + batchSize);
  const images = await Promise.all(batch.map((file) => loadImage(join(folder, file), { size })));
  const best = tf.tidy(() => {
    const input = toInput(
      images.map(({ pixels }) => pixels),
      size,
    );
    return tf.topk(network.classify(input), 5).indices.arraySync() as number[][];
  });
  best.forEach((classes, i) => {
    if (classes[0] === start + i) top1++;
    if (classes.includes(start + i)) top5++;
  });
}
const seconds = (performance.now() - started) / 1000;
const rate = (hits: number) => (hits / files.length).toFixed(3);
process.stdout.write(
  `Lite${variant}, ${engine.name}, ${folded ? "folded" : "unfolded"}: ${files.length} photos, top-1 ${rate(top1)}, top-5 ${rate(top5)}, ${(files.length / seconds).toFixed(1)} photos/s\n`,
);
