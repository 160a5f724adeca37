/**
 * The products of layers in training, by TensorFlow and by our own kernel, taking turns: `y = x w`, and those of its
 * gradients, `dx = dy w^T` and `dw = x^T dy`.
 *
 *   pnpm --filter @attend/benchmarks products
 *
 * THREADS is the number of threads (default: every core).
 */
import { createRandom, loadEngine, nativeKernel, tf } from "@attend/runtime";
import { describeMachine, printMachine, threadLimits } from "../support/machine.ts";
import { median } from "../support/measure.ts";

/** Rows, inputs and outputs. */
const layers: readonly (readonly [name: string, rows: number, inputs: number, outputs: number])[] =
  [
    ["LSTM 256", 1600, 256, 1024],
    ["LSTM 512", 1280, 512, 2048],
    ["Transformer 128, attention", 4096, 128, 128],
    ["Transformer 128, feed-forward", 4096, 128, 256],
    ["8,000 tokens from 128", 2048, 128, 8000],
    ["6,000 words from 512", 1000, 512, 6000],
  ];
const [leastRounds, operationsOfAll] = [9, 4e9];

const machine = describeMachine();
Object.assign(process.env, threadLimits, { ATTEND_TUNING: "off" });
const { library, fusedKernels } = await loadEngine({ engine: "native" });
printMachine(machine, [library, `kernels: ${fusedKernels}`]);
const random = createRandom(1);
console.log("\n| GFLOPS, medians | TensorFlow | ours | ratio |\n| --- | ---: | ---: | ---: |");
for (const layer of layers) compare(...layer);

function compare(name: string, count: number, inputs: number, outputs: number): void {
  const [x, w, dy] = [normal([count, inputs]), normal([inputs, outputs]), normal([count, outputs])];
  const operations = 2 * count * inputs * outputs;
  const rounds = Math.max(leastRounds, operationsOfAll / operations);
  const products = {
    y: [x, w, false, false],
    dx: [dy, w, false, true],
    dw: [x, dy, true, false],
  } as const;
  for (const [what, [a, b, transposeA, transposeB]] of Object.entries(products)) {
    const sides = [
      () => tf.matMul(a, b, transposeA, transposeB),
      () =>
        nativeKernel(
          "AttendMatrixProduct",
          [flag("transpose_a", transposeA), flag("transpose_b", transposeB)],
          [a, b],
        ),
    ];
    const times = sides.map((run) => ({ run, milliseconds: [] as number[] }));
    for (let i = 0; i < rounds; i++) {
      for (const { run, milliseconds } of times) milliseconds.push(timed(run));
    }
    const [theirs = 0, ours = 0] = times.map(
      (side) => operations / median(side.milliseconds) / 1e6,
    );
    const cells = [
      `${name}: ${what}`,
      theirs.toFixed(0),
      ours.toFixed(0),
      (ours / theirs).toFixed(2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  tf.dispose([x, w, dy]);
}

/** Milliseconds. */
function timed(run: () => tf.Tensor): number {
  const start = performance.now();
  const product = run();
  const time = performance.now() - start;
  product.dispose();
  return time;
}

function flag(name: string, value: boolean) {
  return { name, type: "int", value: Number(value) } as const;
}

function normal(shape: [number, number]): tf.Tensor2D {
  const values = Float32Array.from({ length: shape[0] * shape[1] }, () => random.normal());
  return tf.tensor2d(values, shape);
}
