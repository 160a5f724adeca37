/**
 * Forward and backward through one LSTM: ours, PyTorch and tf.layers, taking turns in one run.
 *
 *   pnpm --filter @attend/benchmarks lstm
 *
 * PYTHON selects a Python with torch (default: python3), THREADS the number of threads of each side
 * (default: every core).
 */
import { cpus, loadavg } from "node:os";
import { createRandom, loadEngine, lstmSequence, tf } from "@attend/runtime";
import { layers } from "@tensorflow/tfjs-layers";
import { startPython } from "./python.ts";

interface Case {
  readonly batch: number;
  readonly steps: number;
  readonly inputSize: number;
  readonly units: number;
}

const cases: readonly Case[] = [
  { batch: 64, steps: 20, inputSize: 512, units: 512 },
  { batch: 32, steps: 50, inputSize: 256, units: 256 },
  { batch: 64, steps: 20, inputSize: 1024, units: 1024 },
];
const rounds = 3;
const repeats = 7;

const threads = Number(process.env["THREADS"] ?? cpus().length);
// TensorFlow reads this when it loads.
process.env["TF_NUM_INTRAOP_THREADS"] = String(threads);
const engine = await loadEngine({ engine: "native" });
const random = createRandom(1);

const python = await startPython(process.env["PYTHON"] ?? "python3", threads);
console.log(
  `${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${threads} threads; ` +
    `${engine.library}; PyTorch ${python.version}; medians of ${rounds * repeats}, milliseconds\n`,
);
console.log("| batch x steps x in x units | ours | PyTorch | ratio | tf.layers | times ours |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const each of cases) {
  const [ours, theirs] = [ownStep(each), layersStep(each)];
  const times = { ours: [] as number[], torch: [] as number[], layers: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(...measure(ours));
    times.torch.push(...(await python.measure({ ...each, repeats })));
    times.layers.push(...measure(theirs));
  }
  const [ourTime, torchTime, layersTime] = [
    median(times.ours),
    median(times.torch),
    median(times.layers),
  ];
  const name = `${each.batch} x ${each.steps} x ${each.inputSize} x ${each.units}`;
  const columns = [
    name,
    ms(ourTime),
    ms(torchTime),
    (ourTime / torchTime).toFixed(2),
    ms(layersTime),
  ];
  console.log(`| ${[...columns, (layersTime / ourTime).toFixed(1)].join(" | ")} |`);
}
python.close();

function ownStep({ batch, steps, inputSize, units }: Case): () => void {
  const x = normal<tf.Rank.R3>([batch, steps, inputSize], 1);
  const weighting = normal<tf.Rank.R3>([batch, steps, units], 1);
  const kernel = normal<tf.Rank.R2>([inputSize + units, 4 * units], 0.05);
  const bias = tf.zeros<tf.Rank.R1>([4 * units]);
  const zero = tf.zeros<tf.Rank.R2>([batch, units]);
  const gradient = tf.grads((input: tf.Tensor, weights: tf.Tensor, offset: tf.Tensor) => {
    const { output } = lstmSequence(
      input as typeof x,
      { h: zero, c: zero },
      { kernel: weights as typeof kernel, bias: offset as typeof bias },
    );
    return tf.sum(tf.mul(output, weighting));
  });
  return () => finish(gradient([x, kernel, bias]));
}

function layersStep({ batch, steps, inputSize, units }: Case): () => void {
  const x = tf.variable(normal<tf.Rank.R3>([batch, steps, inputSize], 1));
  const weighting = normal<tf.Rank.R3>([batch, steps, units], 1);
  const layer = layers.lstm({
    units,
    returnSequences: true,
    // The default, orthogonal, takes minutes to initialize.
    recurrentInitializer: "glorotUniform",
  });
  const loss = () => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, weighting)) as tf.Scalar;
  return () => finish(Object.values(tf.variableGrads(loss).grads));
}

/** Reads one number from each, so that everything is computed. */
function finish(gradients: tf.Tensor[]): void {
  for (const gradient of gradients) {
    tf.tidy(() => tf.slice(tf.reshape(gradient, [-1]), 0, 1).dataSync());
    gradient.dispose();
  }
}

function measure(step: () => void): number[] {
  for (let i = 0; i < 3; i++) tf.tidy(step);
  return Array.from({ length: repeats }, () => {
    const begin = performance.now();
    tf.tidy(step);
    return performance.now() - begin;
  });
}

function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], deviation: number): tf.Tensor<R> {
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let i = 0; i < values.length; i++) values[i] = random.normal() * deviation;
  return tf.tensor<R>(values, shape);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function ms(value: number): string {
  return value.toFixed(0);
}
