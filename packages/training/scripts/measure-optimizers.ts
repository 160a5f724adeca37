import { Module, type Parameter, parameter } from "@attend/nn";
import { loadEngine, tf } from "@attend/runtime";
import { parseTrainingConfig } from "../src/config.ts";
import { createOptimizer } from "../src/create-optimizer.ts";
import { WeightAverage } from "../src/ema.ts";
import { globalNorm } from "../src/gradients.ts";
import { trainedParameters } from "../src/parameters.ts";

// Milliseconds of the parts of an update: pnpm exec tsx --conditions=@attend/source scripts/measure-optimizers.ts
// The same with PyTorch: python scripts/measure_optimizers.py

class Weights extends Module {
  readonly weights: Parameter[];

  constructor(count: number, shape: [number, number]) {
    super();
    this.weights = Array.from({ length: count }, () => parameter<tf.Rank>(tf.randomNormal(shape)));
  }
}

await loadEngine();
for (const [count, shape] of [
  [20, [1000, 500]],
  [200, [64, 16]],
] as const) {
  const module = new Weights(count, [...shape]);
  const names = [...module.namedParameters().keys()];
  const gradients = new Map(names.map((name) => [name, tf.randomNormal([...shape])]));
  for (const name of ["adam", "adamw"] as const) {
    const optimizer = { name, learningRate: 1e-3, weightDecay: name === "adam" ? 0 : 0.01 };
    const config = parseTrainingConfig({ epochs: 1, optimizer }, "here");
    const adam = createOptimizer(config.optimizer, trainedParameters(module, config));
    report(`${name}, ${count} x [${shape}]`, (step) => adam.apply(gradients, 1e-3, step));
    adam.dispose();
  }
  report(`global norm, ${count} x [${shape}]`, () => globalNorm([...gradients.values()]));
  const config = parseTrainingConfig(
    { epochs: 1, optimizer: { name: "sgd", learningRate: 1 } },
    "",
  );
  const trained = trainedParameters(module, config);
  const average = new WeightAverage({ decay: 0.999, every: 1 }, module, trained);
  report(`EMA, ${count} x [${shape}]`, (step) => average.update(step));
  average.dispose();
  module.dispose();
  tf.dispose([...gradients.values()]);
}

/** Prints the median of 20 runs after 5 warmup runs. */
function report(name: string, run: (step: number) => void): void {
  const times: number[] = [];
  for (let step = 1; step <= 25; step++) {
    const start = performance.now();
    run(step);
    if (step > 5) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`${name}: ${times[10]?.toFixed(1)} ms (min ${times[0]?.toFixed(1)})`);
}
