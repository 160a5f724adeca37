/**
 * Milliseconds that operations used in training take on the wasm backend, without and with the
 * kernels in src/wasm-kernels ("-" if the backend does not support it by itself):
 *
 *     pnpm exec tsx --conditions=@attend/source scripts/wasm-speed.ts
 */

import "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-layers";
import { createRandom } from "../src/random.ts";
import { tf } from "../src/tf.ts";
import { extendWasm } from "../src/wasm-kernels/index.ts";

await tf.setBackend("wasm");
const random = createRandom(1);

function normal<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random.normal);
  return tf.tensor<R>(values, shape);
}

const hidden = normal<tf.Rank.R2>([1280, 512]);
const kernel = normal<tf.Rank.R2>([512, 2000]);
const logits = normal<tf.Rank.R2>([1280, 2000]);
const sequence = normal<tf.Rank.R3>([20, 64, 512]);
const table = normal<tf.Rank.R2>([5000, 512]);
const ids = tf.tensor1d([...Array(1280).keys()], "int32");
const photos = normal<tf.Rank.R4>([8, 56, 56, 32]);
const filter = normal<tf.Rank.R4>([3, 3, 32, 32]);
const depthwise = normal<tf.Rank.R4>([3, 3, 32, 1]);

const operations: Record<string, () => unknown> = {
  "matMul 1280x512x2000": () => tf.matMul(hidden, kernel),
  "its gradients": () =>
    tf.grads((a, b) => tf.matMul(a as tf.Tensor, b as tf.Tensor))([hidden, kernel], logits),
  "20 slices of [20, 64, 512]": () => {
    for (let step = 0; step < 20; step++) tf.slice(sequence, [step, 0, 0], [1, 64, 512]);
  },
  "gradient of gather, 1280 of 5000 rows": () => tf.grad((x) => tf.gather(x, ids))(table),
  "conv2d 3x3, [8, 56, 56, 32]": () => tf.conv2d(photos, filter, 1, "same"),
  "its gradient with respect to the input": () =>
    tf.grad((x) => tf.conv2d(x as tf.Tensor4D, filter, 1, "same"))(photos),
  "its gradient with respect to the filter": () =>
    tf.grad((w) => tf.conv2d(photos, w as tf.Tensor4D, 1, "same"))(filter),
  "depthwise 3x3, its gradient with respect to the input": () =>
    tf.grad((x) => tf.depthwiseConv2d(x as tf.Tensor4D, depthwise, 1, "same"))(photos),
  "depthwise 3x3, its gradient with respect to the filter": () =>
    tf.grad((w) => tf.depthwiseConv2d(photos, w as tf.Tensor4D, 1, "same"))(depthwise),
};

/** The median of five runs, after one warm-up run. */
function milliseconds(operation: () => unknown): string {
  const times = Array.from({ length: 6 }, () => {
    const start = performance.now();
    tf.tidy(() => {
      operation();
    });
    return performance.now() - start;
  });
  return (times.slice(1).sort((a, b) => a - b)[2] ?? Number.NaN).toFixed(1);
}

function millisecondsIfSupported(operation: () => unknown): string {
  try {
    return milliseconds(operation);
  } catch {
    return "-";
  }
}

const before = Object.values(operations).map(millisecondsIfSupported);
extendWasm();
console.log(`${"ms".padEnd(44)}original    extended`);
Object.entries(operations).forEach(([name, operation], i) => {
  console.log(
    `${name.padEnd(44)}${before[i]?.padStart(11)}${milliseconds(operation).padStart(12)}`,
  );
});
