import { setParameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { type ConvS2SConfig, createConvS2S } from "../src/index.ts";

interface Flat {
  shape: number[];
  values: number[];
}

interface Golden {
  config: ConvS2SConfig;
  source: number[][];
  lengths: number[];
  target: number[][];
  logits: Flat;
  attention: Flat;
  weighting: Flat;
  weights: Record<string, Flat>;
  gradients: Record<string, Flat>;
}

const golden = loadGolden<Golden>(new URL("./golden/convs2s.golden.json", import.meta.url));

useEngine();

const toTensor = ({ shape, values }: Flat) => tf.tensor(values, shape);

test("logits, attention and gradients as in PyTorch", () => {
  const model = createConvS2S(golden.config);
  const parameters = model.namedParameters();
  expect([...parameters.keys()].sort()).toEqual(Object.keys(golden.weights).sort());
  for (const [name, parameter] of parameters) {
    const value = golden.weights[name];
    if (value !== undefined) setParameter(parameter, Float32Array.from(value.values));
  }
  tf.tidy(() => {
    const source = {
      tokens: tf.tensor2d(golden.source, undefined, "int32"),
      lengths: tf.tensor1d(golden.lengths, "int32"),
    };
    const target = tf.tensor2d(golden.target, undefined, "int32");
    const run = () => model.forward(target, model.start(model.encode(source)));
    const { logits, attention } = run();
    expectClose(logits, toTensor(golden.logits), 1e-4);
    expectClose(attention ?? 0, toTensor(golden.attention), 1e-4);
    const weighting = toTensor(golden.weighting);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(run().logits, weighting)),
      model.parameters(),
    );
    for (const [name, parameter] of parameters) {
      const expected = golden.gradients[name];
      if (expected !== undefined) expectClose(grads[parameter.name] ?? 0, toTensor(expected), 1e-3);
    }
  });
  model.dispose();
});
