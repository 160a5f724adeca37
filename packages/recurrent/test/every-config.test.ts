import { createRandom, tf } from "@attend/runtime";
import { expectTrainingStep, pairwiseConfigs, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import {
  createEncoder,
  createRecurrent,
  encoderConfigSchema,
  recurrentConfigSchema,
  unroll,
} from "../src/index.ts";
import { tensorsIn } from "./support/cell-suite.ts";

useEngine();

const { cell, connections } = recurrentConfigSchema.shape;
const options = {
  cell: cell.options,
  inputSize: [2],
  units: [2, 3],
  layers: [1, 2],
  connections: connections.unwrap().options,
  dropout: [0, 0.5],
  stateDropout: [0, 0.5],
  "zoneout.h": [0, 0.5],
  "zoneout.c": [0, 0.5],
};
const batches = [
  { steps: 3, lengths: [3, 1] },
  { steps: 1, lengths: [1, 1] },
];

function makeInput(steps: number) {
  return tf.randomNormal<tf.Rank.R3>([2, steps, 2], 0, 1, "float32", 1);
}

const stacks = pairwiseConfigs(options, (config) => recurrentConfigSchema.safeParse(config).data);

test.each(stacks)("a stack trains: %j", (config) => {
  const stack = createRecurrent(config, createRandom(1));
  for (const { steps, lengths } of batches) {
    const loss = () => {
      const run = { lengths, random: createRandom(1) };
      const { output, state } = unroll(stack, makeInput(steps), stack.initialState(2), run);
      const tensors = [output, ...tensorsIn(state)];
      return tf.addN(tensors.map((tensor) => tf.sum<tf.Scalar>(tf.square(tensor))));
    };
    expectTrainingStep(loss, stack.namedParameters());
  }
  stack.dispose();
});

const encoders = pairwiseConfigs(
  {
    ...options,
    bidirectional: encoderConfigSchema.shape.bidirectional.unwrap().options,
    merge: encoderConfigSchema.shape.merge.unwrap().options,
    timeReduction: [1, 2],
  },
  (config) => encoderConfigSchema.safeParse(config).data,
);

test.each(encoders)("an encoder trains: %j", (config) => {
  const encoder = createEncoder(config, createRandom(1));
  for (const { steps, lengths } of batches) {
    const loss = () => {
      const run = { lengths, random: createRandom(1) };
      const { output, summary, state } = encoder.forward(makeInput(steps), run);
      const tensors = [output, summary, ...tensorsIn(state)];
      return tf.addN(tensors.map((tensor) => tf.sum<tf.Scalar>(tf.square(tensor))));
    };
    expectTrainingStep(loss, encoder.namedParameters());
  }
  encoder.dispose();
});
