import { createRandom, tf } from "@attend/runtime";
import { checkGradient, expectClose, expectNoLeak, loadGolden, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { Embedding, LayerNorm, Linear, type Module, setParameter } from "../src/index.ts";

interface Flat {
  shape: number[];
  values: number[];
}
interface Golden {
  inputs: Record<string, Flat>;
  output: Flat;
  weights: Flat;
  gradients: Record<string, Flat>;
}
const golden = loadGolden<Record<"linear" | "embedding" | "layerNorm", Golden>>(
  new URL("./golden/layers.golden.json", import.meta.url),
);

useEngine();

const toTensor = ({ shape, values }: Flat, dtype: "float32" | "int32" = "float32") =>
  tf.tensor(values, shape, dtype);

/** Sets the layer's golden parameters, and compares the output and all gradients. */
function expectGolden(
  layer: Module & { forward(input: tf.Tensor): tf.Tensor },
  { inputs, output, weights, gradients }: Golden,
  input: tf.Tensor,
): void {
  for (const [name, parameter] of layer.namedParameters()) {
    expect(parameter.shape).toEqual(inputs[name]!.shape);
    setParameter(parameter, Float32Array.from(inputs[name]!.values));
  }
  expectClose(layer.forward(input), toTensor(output));
  const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(layer.forward(x), toTensor(weights)));
  const { grads } = tf.variableGrads(() => loss(input), layer.parameters());
  for (const [name, parameter] of layer.namedParameters()) {
    expectClose(grads[parameter.name]!, toTensor(gradients[name]!));
  }
  const ofInput = gradients["input"];
  if (ofInput !== undefined) expectClose(tf.grad(loss)(input), toTensor(ofInput));
}

describe("equals PyTorch, forward and backward, without leaks:", () => {
  const random = createRandom(1);
  test("Linear", () =>
    expectNoLeak(() => {
      const layer = new Linear(4, 5, random);
      tf.tidy(() => expectGolden(layer, golden.linear, toTensor(golden.linear.inputs["input"]!)));
      layer.dispose();
    }));
  test("Embedding, with repeated ids", () =>
    expectNoLeak(() => {
      const layer = new Embedding(6, 3, random);
      const ids = golden.embedding.inputs["ids"]!;
      tf.tidy(() => expectGolden(layer, golden.embedding, toTensor(ids, "int32")));
      layer.dispose();
    }));
  test("LayerNorm", () =>
    expectNoLeak(() => {
      const layer = new LayerNorm(6);
      const input = golden.layerNorm.inputs["input"]!;
      tf.tidy(() => expectGolden(layer, golden.layerNorm, toTensor(input)));
      layer.dispose();
    }));
});

test("gradients equal numeric ones", () => {
  const random = createRandom(4);
  const linear = new Linear(3, 2, random);
  const norm = new LayerNorm(5);
  checkGradient((x) => linear.forward(x), [[2, 2, 3]]);
  checkGradient((x) => norm.forward(x), [[3, 5]]);
  linear.dispose();
  norm.dispose();
});

test("an embedding's logits are those of a linear layer with its table, transposed", () => {
  const random = createRandom(5);
  const [embedding, linear] = [new Embedding(6, 3, random), new Linear(3, 6, random)];
  tf.tidy(() => {
    const bias = tf.tensor1d([1, -2, 3, 0, 0.5, 4]);
    linear.kernel.assign(tf.transpose(embedding.table));
    linear.bias?.assign(bias);
    const features = tf.tensor2d([0.2, -1, 3, 2, 0.7, -0.4], [2, 3]);
    expectClose(embedding.logits(features, bias), linear.forward(features));
    const loss = () => tf.sum<tf.Scalar>(tf.square(embedding.logits(features, bias)));
    const [gradient] = Object.values(tf.variableGrads(loss, [embedding.table]).grads);
    const same = () => tf.sum<tf.Scalar>(tf.square(linear.forward(features)));
    const [expected] = Object.values(tf.variableGrads(same, [linear.kernel]).grads);
    expectClose(gradient ?? 0, tf.transpose(expected ?? tf.zeros([3, 6])));
  });
  embedding.dispose();
  linear.dispose();
});

test("Linear accepts any number of axes, and an absent bias", () => {
  const linear = new Linear(3, 2, createRandom(1), { bias: false });
  expect([...linear.namedParameters().keys()]).toEqual(["kernel"]);
  tf.tidy(() => {
    for (const shape of [[3], [4, 3], [2, 1, 4, 3]]) {
      const output = linear.forward(tf.ones(shape));
      expect(output.shape).toEqual([...shape.slice(0, -1), 2]);
      expectClose(tf.max(tf.sum(output, -1)), tf.sum(linear.kernel));
    }
  });
  linear.dispose();
});
