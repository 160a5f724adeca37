import { setParameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createTransformer, type TransformerConfig } from "../src/index.ts";

interface Flat {
  shape: number[];
  values: number[];
}

interface Golden {
  config: TransformerConfig;
  source: number[][];
  lengths: number[];
  target: number[][];
  logits: Flat;
  attention: Flat;
  weighting: Flat;
  weights: Record<string, Flat>;
  gradients: Record<string, Flat>;
}

const golden = loadGolden<Golden[]>(
  new URL("./golden/transformer.golden.json", import.meta.url),
).map((each) => ({ ...each, name: `${each.config.norm}, ${each.config.positions}` }));

useEngine();

const toTensor = ({ shape, values }: Flat) => tf.tensor(values, shape);

test.each(golden)("$name: as in PyTorch", (given) => {
  const model = createTransformer(given.config);
  const parameters = model.namedParameters();
  expect([...parameters.keys()].sort()).toEqual(Object.keys(given.weights).sort());
  for (const [name, parameter] of parameters) {
    const value = given.weights[name];
    if (value !== undefined) setParameter(parameter, Float32Array.from(value.values));
  }
  tf.tidy(() => {
    const source = {
      tokens: tf.tensor2d(given.source, undefined, "int32"),
      lengths: tf.tensor1d(given.lengths, "int32"),
    };
    const target = tf.tensor2d(given.target, undefined, "int32");
    const run = () => model.forward(target, model.start(model.encode(source)));
    const { logits, attention } = run();
    expectClose(logits, toTensor(given.logits), 1e-4);
    expectClose(attention ?? 0, toTensor(given.attention), 1e-4);
    const weighting = toTensor(given.weighting);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(run().logits, weighting)),
      model.parameters(),
    );
    for (const [name, parameter] of parameters) {
      const expected = given.gradients[name];
      if (expected !== undefined) expectClose(grads[parameter.name] ?? 0, toTensor(expected), 1e-3);
    }
  });
  model.dispose();
});
