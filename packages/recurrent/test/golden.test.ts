import { setParameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, loadGolden, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import {
  createEncoder,
  createRecurrent,
  type EncoderConfigInput,
  type LayersState,
  Stack,
  sizesIn,
  stateFrom,
  tensorAt,
  unroll,
} from "../src/index.ts";
import { tensorsIn } from "./support/cell-suite.ts";

type Values = Readonly<Record<string, readonly number[]>>;
interface Case {
  readonly config: EncoderConfigInput;
  readonly weights: Values;
  readonly input: readonly number[];
  readonly initial: Values;
  readonly weighting: readonly number[];
  readonly output: readonly number[];
  readonly state: Values;
  readonly gradients: {
    readonly weights: Values;
    readonly input: readonly number[];
    readonly initial: Values;
  };
}
interface Golden {
  readonly batch: number;
  readonly steps: number;
  readonly lengths: readonly number[];
  /** By torch.nn. */
  readonly networks: readonly Case[];
  /** By the papers' equations. */
  readonly equations: readonly Case[];
}

const golden = loadGolden<Golden>(new URL("./golden/recurrent.golden.json", import.meta.url));
const { batch, steps, lengths } = golden;

useEngine();

const cases = [...golden.networks, ...golden.equations].map((each) => {
  const { cell, layers = 1, bidirectional } = each.config;
  return [`${cell}, ${layers} layers${bidirectional ? ", both directions" : ""}`, each] as const;
});

function modelOf({ config, weights }: Case) {
  const { bidirectional, ...own } = config;
  const model = bidirectional ? createEncoder(config) : createRecurrent(own);
  const parameters = model.namedParameters();
  expect([...parameters.keys()].sort()).toEqual(Object.keys(weights).sort());
  for (const [name, parameter] of parameters) {
    setParameter(parameter, Float32Array.from(weights[name] ?? []));
  }
  return model;
}

function initialOf({ initial, config }: Case) {
  return Object.fromEntries(
    Object.entries(initial).map(([name, values]) => [
      name,
      tf.variable(tf.tensor2d([...values], [batch, config.units])),
    ]),
  );
}

/** `0.backwards.h` of the layers. */
function named(state: LayersState, name: string): tf.Tensor2D {
  return tensorAt(state, ["layers", ...name.split(".")]);
}

test.each(cases)("%s: outputs, last states and gradients", (_, given) => {
  tf.tidy(() => {
    const model = modelOf(given);
    const input = tf.variable(
      tf.tensor3d([...given.input], [batch, steps, given.config.inputSize]),
    );
    const initial = initialOf(given);
    const run = () => {
      if (!(model instanceof Stack)) return model.forward(input, { lengths });
      const paths = sizesIn(model.stateSizes).map(({ path }) => path.slice(1).join("."));
      const first = paths.flatMap((name) => initial[name] ?? []);
      return unroll(model, input, stateFrom(model.stateSizes, first), { lengths });
    };
    const { output, state } = run();
    expectClose(tf.reshape(output, [-1]), given.output);
    expect(tensorsIn(state)).toHaveLength(Object.keys(given.state).length);
    for (const [name, values] of Object.entries(given.state)) {
      expectClose(tf.reshape(named(state, name), [-1]), values);
    }

    const { grads } = tf.variableGrads(() => {
      const ran = run();
      const weighted = tf.mul(tf.reshape(ran.output, [-1]), tf.tensor1d([...given.weighting]));
      return tf.addN([
        tf.sum(weighted),
        ...Object.keys(given.state).map((name) => {
          const tensor = named(ran.state, name);
          return tf.sum(name.endsWith("h") ? tf.square(tensor) : tf.sin(tensor));
        }),
      ]) as tf.Scalar;
    });
    const expectGradient = (variable: tf.Tensor | undefined, values: readonly number[]) => {
      if (!(variable instanceof tf.Variable)) throw new Error("not a variable");
      expectClose(tf.reshape(grads[variable.name] ?? 0, [-1]), values);
    };
    for (const [name, parameter] of model.namedParameters()) {
      expectGradient(parameter, given.gradients.weights[name] ?? []);
    }
    expectGradient(input, given.gradients.input);
    if (!(model instanceof Stack)) return;
    for (const [name, values] of Object.entries(given.gradients.initial)) {
      expectGradient(initial[name], values);
    }
  });
});
