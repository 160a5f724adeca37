/**
 * Prints as JSON the kernels of this process, and some values and gradients of every cell, of
 * attention heads, of the inference kernels, and of products.
 */
import { useOwnGradientProducts } from "../../../src/engines/gradient-products.ts";
import { hasFusedKernels, loadEngine, tf } from "../../../src/index.ts";
import { headResults } from "../../attention/support/results.ts";
import { inferenceResults } from "../../inference/support/operations.ts";
import { filled } from "./agree.ts";
import { type CellName, fast, inputsOf } from "./cells.ts";

const { fusedKernels } = await loadEngine({ engine: "native" });
const cells: CellName[] = ["peephole", "gru", "tanh", "relu"];
const shapes = [
  { batch: 1, steps: 4, inputSize: 3, units: 140 },
  { batch: 3, steps: 2, inputSize: 3, units: 600 }, // Enough for several threads to share the rows.
  { batch: 3, steps: 5, inputSize: 3, units: 70, lengths: [2, 5, 1] },
  { batch: 41, steps: 3, inputSize: 6, units: 21 },
];
const results = shapes.flatMap((shape) =>
  cells.map((cell) => {
    const each = { ...shape, cell };
    const inputs = inputsOf(each);
    const sum = (...x: tf.Tensor[]) =>
      tf.addN(fast(each, true)(...x).map((value) => tf.sum(tf.square(value))));
    const tensors = [...fast(each, true)(...inputs), ...tf.grads(sum)(inputs)];
    return tensors.map((tensor) => some(tensor.dataSync()));
  }),
);
for (const tensors of [inferenceResults(), headResults()]) {
  results.push(tensors.map((tensor) => some(tensor.dataSync())));
}
results.push(products().map((tensor) => some(tensor.dataSync())));

/** Of more than one block in each direction; see `useOwnGradientProducts`. */
function products(): tf.Tensor[] {
  if (hasFusedKernels()) useOwnGradientProducts();
  const [a, b] = [filled<tf.Rank.R2>([150, 1030]), filled<tf.Rank.R2>([1100, 1030])];
  return [tf.matMul(a, b, false, true), tf.matMul(b, tf.slice(b, 0, [1100, 1000]), true)];
}

/** At most 2000 numbers. */
function some(values: ArrayLike<number>): number[] {
  const every = Math.ceil(values.length / 2000);
  return Array.from(
    { length: Math.floor(values.length / every) },
    (_, i) => values[i * every] ?? 0,
  );
}

process.stdout.write(JSON.stringify({ fusedKernels, results }));
