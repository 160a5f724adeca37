import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { type Sample, sampleSchema } from "./profile.ts";

/**
 * Times products in a process of its own, because oneDNN and the number of threads are settings of the whole process, read
 * when the library is loaded. It calls the addons alone, which takes a third of the time of TensorFlow.js. A product's time
 * is the best of several; busy is one whose threads had the processor for less than three quarters of it.
 */
const script = `
  const [, engine, kernels, threads] = process.argv;
  const b = require(engine);
  if (kernels !== "") require(kernels);
  const flag = (name, value) => ({ name, type: b.TF_ATTR_BOOL, value });
  const number = (name, value) => ({ name, type: b.TF_ATTR_INT, value: Number(value) });
  const product = (transposeA, transposeB) => [
    { name: "T", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }, flag("transpose_a", transposeA), flag("transpose_b", transposeB),
  ];
  const ownProduct = (transposeA, transposeB) => [number("transpose_a", transposeA), number("transpose_b", transposeB)];
  const make = (...shape) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.5);
    return b.createTensor(shape, b.TF_FLOAT, values);
  };
  const none = make(0);
  let busy = false;
  function rate(rows, depth, columns, run, products = 1) {
    let [best, share] = [Infinity, 1];
    const end = performance.now() + 60;
    for (let i = 0; i < 3 || (i < 30 && performance.now() < end); i++) {
      const [before, start] = [process.cpuUsage(), performance.now()];
      for (const { id } of run()) b.deleteTensor(id);
      const time = performance.now() - start;
      const { user, system } = process.cpuUsage(before);
      if (i === 0 || time >= best) continue;
      best = time;
      share = (user + system) / 1000 / time;
    }
    if (depth === 1024 && share < 0.75 * threads) busy = true;
    return (2 * rows * depth * columns * products) / best / 1e6;
  }
  const [tensorflow, own] = [{}, {}];
  for (const [rows, depth, columns] of [[320, 128, 512], [320, 512, 2048], [1024, 1024, 1024]]) {
    const [x, w] = [make(rows, depth), make(depth, columns)];
    tensorflow[depth] = rate(rows, depth, columns, () => b.executeOp("MatMul", product(false, false), [x, w], 1));
    if (kernels !== "") own[depth] = rate(rows, depth, columns, () => b.executeOp("AttendDense", [], [x, w, none], 1));
  }
  // Of the layer's input, and of its weights.
  const [x, w, dy] = [make(1600, 256), make(256, 1024), make(1600, 1024)];
  const gradients = (name, attributes) => rate(1600, 256, 1024, () => [
    ...b.executeOp(name, attributes(false, true), [dy, w], 1), ...b.executeOp(name, attributes(true, false), [x, dy], 1),
  ], 2);
  console.log(JSON.stringify({
    library: b.TF_Version, busy, tensorflow, own: kernels === "" ? null : own,
    gradients: {
      tensorflow: gradients("MatMul", product), own: kernels === "" ? null : gradients("AttendMatrixProduct", ownProduct),
    },
  }));`;

/** What a process with its own settings measures with. */
export interface Probe {
  /** tfjs-node's addon. */
  readonly engine: string;
  /** Our own kernels' addon; empty without. */
  readonly kernels: string;
  readonly threads: number;
  /** Undefined: as the library decides. */
  readonly onednn: boolean | undefined;
}

const libraryField = z.object({ library: z.string() });

/**
 * Measures products.
 *
 * @returns the sample, to be validated with the profile, and the library's version
 * @param timeLimit milliseconds
 * @throws an error if the process fails or takes longer
 */
export async function probeProducts(
  { engine, kernels, threads, onednn }: Probe,
  timeLimit = 10_000,
): Promise<{ sample: Sample; library: string }> {
  const env = {
    ...process.env,
    NODE_OPTIONS: "",
    TF_CPP_MIN_LOG_LEVEL: "1",
    TF_NUM_INTRAOP_THREADS: String(threads),
    ...(onednn !== undefined && { TF_ENABLE_ONEDNN_OPTS: onednn ? "1" : "0" }),
  };
  const args = ["-e", script, engine, kernels, String(threads)];
  const run = promisify(execFile)(process.execPath, args, { env, timeout: timeLimit });
  const { stdout } = await run.catch((cause: { killed?: boolean }) => {
    const fault = cause.killed ? `took longer than ${timeLimit / 1000} s` : "does not run";
    // The message of `cause` holds the whole script.
    throw new Error(`a product of matrices ${fault}`, { cause });
  });
  const answer = z.intersection(libraryField, sampleSchema).parse(JSON.parse(stdout));
  return { sample: answer, library: answer.library };
}
