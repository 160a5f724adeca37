import type { tf } from "@attend/runtime";
import { layers as make } from "@tensorflow/tfjs-layers";
import { serveSide } from "./side.ts";

const makers = { rnn: make.simpleRNN, lstm: make.lstm, gru: make.gru };

/** The tf.layers side of main.ts. */
await serveSide(({ cell, layers, units, bidirectional }) => {
  const stack = Array.from({ length: layers }, () => {
    // The default, orthogonal, takes minutes to initialize.
    const recurrentInitializer = "glorotUniform";
    const layer = makers[cell]({ units, returnSequences: true, recurrentInitializer });
    return bidirectional ? make.bidirectional({ layer, mergeMode: "concat" }) : layer;
  });
  return {
    run: (input) => stack.reduce<tf.Tensor>((x, layer) => layer.apply(x) as tf.Tensor, input),
    weights: () =>
      stack.flatMap((layer) =>
        layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
      ),
  };
});
