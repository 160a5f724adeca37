import { type DecoderState, forward } from "@attend/decoding";
import { setParameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose } from "@attend/test-kit";
import { expect } from "vitest";
import type { Model } from "./models.ts";

interface Flat {
  readonly shape: number[];
  readonly values: number[];
}

/** The results of another implementation of the same model; weights are keyed by our parameter names. */
export interface Golden<Config> {
  readonly config: Config;
  readonly source: number[][];
  readonly lengths: number[];
  readonly target: number[][];
  readonly logits: Flat;
  readonly attention: Flat;
  /** The gradients are those of the sum of the logits times these weights. */
  readonly weighting: Flat;
  readonly weights: Readonly<Record<string, Flat>>;
  readonly gradients: Readonly<Record<string, Flat>>;
}

const toTensor = ({ shape, values }: Flat) => tf.tensor(values, shape);

/** Sets a model's weights to the golden ones, and expects the golden logits, attention and gradients. */
export function expectGolden<Encoding extends tf.TensorContainer, State extends DecoderState>(
  model: Model<Encoding, State>,
  golden: Golden<unknown>,
): void {
  const parameters = model.namedParameters();
  expect([...parameters.keys()].sort()).toEqual(Object.keys(golden.weights).sort());
  for (const [name, parameter] of parameters) {
    setParameter(parameter, Float32Array.from(golden.weights[name]?.values ?? []));
  }
  tf.tidy(() => {
    const { lengths } = golden;
    const source = { tokens: tf.tensor2d(golden.source, undefined, "int32"), lengths };
    const target = tf.tensor2d(golden.target, undefined, "int32");
    const run = () => forward(model, target, model.start(model.encode(source)));
    const { logits, attention } = run();
    expectClose(logits, toTensor(golden.logits), 1e-4);
    expectClose(attention ?? 0, toTensor(golden.attention), 1e-4);
    const weighting = toTensor(golden.weighting);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(run().logits, weighting)),
      model.parameters(),
    );
    for (const [name, parameter] of parameters) {
      const expected = golden.gradients[name] ?? { shape: [0], values: [] };
      expectClose(grads[parameter.name] ?? 0, toTensor(expected), 1e-3);
    }
  });
}
