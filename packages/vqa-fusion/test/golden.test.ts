import { setParameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createFusion, type FusionConfigInput } from "../src/index.ts";
import { imageOf } from "./support/batches.ts";

interface Flat {
  readonly shape: number[];
  readonly values: number[];
}

interface Golden {
  readonly map: Flat;
  readonly tokens: number[][];
  readonly lengths: number[];
  readonly cases: readonly {
    readonly config: FusionConfigInput;
    readonly weights: Readonly<Record<string, Flat>>;
    readonly joint: Flat;
    readonly attention?: Flat;
    readonly weighting: Flat;
    readonly gradients: Readonly<Record<string, Flat>>;
  }[];
}

const golden = loadGolden<Golden>(new URL("./golden/fusions.golden.json", import.meta.url));
const toTensor = ({ shape, values }: Flat) => tf.tensor(values, shape);

useEngine();

test.each(golden.cases)(
  "joint vector, attention and gradients equal PyTorch's: $config",
  (expected) => {
    const fusion = createFusion(expected.config);
    const parameters = fusion.namedParameters();
    expect([...parameters.keys()].sort()).toEqual(Object.keys(expected.weights).sort());
    for (const [name, parameter] of parameters) {
      setParameter(parameter, Float32Array.from(expected.weights[name]?.values ?? []));
    }
    tf.tidy(() => {
      const tokens = tf.tensor2d(golden.tokens, undefined, "int32");
      const image = imageOf(tf.tensor3d(golden.map.values, [3, 4, 3]));
      const run = () => fusion.fuse({ tokens, lengths: golden.lengths }, image);
      const { joint, attention } = run();
      expectClose(joint, toTensor(expected.joint), 2e-5);
      expect(joint.shape[1]).toBe(fusion.size);
      expect(attention?.shape).toEqual(expected.attention?.shape);
      if (attention && expected.attention) expectClose(attention, toTensor(expected.attention));
      const weighting = toTensor(expected.weighting);
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(run().joint, weighting)));
      for (const [name, parameter] of parameters) {
        const gradient = expected.gradients[name] ?? { shape: [0], values: [] };
        expectClose(grads[parameter.name] ?? 0, toTensor(gradient), 1e-4);
      }
    });
    fusion.dispose();
  },
);
