import { createRandom, loadEngine, tf } from "@attend/runtime";
import { peakMemory } from "../support/peak-memory.mjs";
import { serve } from "../support/serve.ts";
import type { Network, Pass } from "./networks.ts";

/** How a TensorFlow.js side builds a network. */
export type Build = (network: Network) => {
  /** @param input `[batch, steps, units]` */
  run(input: tf.Tensor3D): tf.Tensor;
  /** The variables to differentiate by, besides the input. Call `run` once first. */
  weights(): tf.Variable[];
};

const random = createRandom(1);

/** Answers the requests of main.ts. */
export async function serveSide(build: Build): Promise<never> {
  const engine = await loadEngine({ engine: "native" });
  const passes: Partial<Record<Pass, () => tf.Tensor[]>> = {};
  return serve<{
    version: object;
    prepare: Network;
    run: { pass: Pass; repeats: number; seconds: number };
    peak: object;
  }>({
    version: () => ({ version: engine.library }),
    prepare(network) {
      const { batch, steps, units } = network;
      const { run, weights } = build(network);
      const input = tf.variable(normal<tf.Rank.R3>([batch, steps, units], 1));
      const width = tf.tidy(() => run(input)).shape.at(-1) ?? 0;
      const weighting = normal([batch, steps, width], 1);
      for (const weight of weights()) weight.assign(normal(weight.shape, 0.05));
      const loss = () => tf.sum<tf.Scalar>(tf.mul(run(input), weighting));
      passes.forward = () => [run(input)];
      passes.both = () => Object.values(tf.variableGrads(loss, [input, ...weights()]).grads);
      return {};
    },
    run({ pass, repeats, seconds }) {
      const results = passes[pass];
      if (results === undefined) throw new Error("prepare comes first");
      const times: number[] = [];
      const until = performance.now() + 1000 * seconds;
      // The first one warms up.
      for (let i = -1; i < repeats && (i < 1 || performance.now() < until); i++) {
        const begin = performance.now();
        tf.tidy(() => finish(results()));
        if (i >= 0) times.push(performance.now() - begin);
      }
      return { times };
    },
    peak: () => ({ bytes: peakMemory() }),
  });
}

/** Reads one number from each, so that everything is computed. */
function finish(results: readonly tf.Tensor[]): void {
  for (const result of results) tf.slice(tf.reshape(result, [-1]), 0, 1).dataSync();
}

function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], deviation: number): tf.Tensor<R> {
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let i = 0; i < values.length; i++) values[i] = random.normal() * deviation;
  return tf.tensor<R>(values, shape);
}
