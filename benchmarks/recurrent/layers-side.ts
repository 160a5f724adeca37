import type { tf } from "@attend/runtime";
import { layers as make } from "@tensorflow/tfjs-layers";
import { serveSide } from "./side.ts";

const makers = { rnn: make.simpleRNN, lstm: make.lstm, gru: make.gru };

/** tf.layers: answers main.ts. */
await serveSide(({ cell, layers, units, bidirectional }) => {
  const made = Array.from({ length: layers }, () => {
    // Its default, orthogonal, takes minutes to initialise.
    const recurrentInitializer = "glorotUniform";
    const layer = makers[cell]({ units, returnSequences: true, recurrentInitializer });
    return bidirectional ? make.bidirectional({ layer, mergeMode: "concat" }) : layer;
  });
  return {
    run: (input) => made.reduce<tf.Tensor>((x, layer) => layer.apply(x) as tf.Tensor, input),
    weights: () =>
      made.flatMap((layer) => layer.trainableWeights.map((weight) => weight.read() as tf.Variable)),
  };
});
