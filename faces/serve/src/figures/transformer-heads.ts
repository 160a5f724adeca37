import { beamSearch } from "@attend/decoding";
import { tf } from "@attend/runtime";
import type { Transformer } from "@attend/transformer";
import { maxLengthOf, sourceBatch, special } from "@attend/translator";
import type { Compute } from "./figure.ts";
import { matricesOf } from "./matrix.ts";
import { loadTransformer, sentenceOf } from "./shipped-transformer.ts";

/** Where each head of a shipped translator looks, in each layer. */
export const transformerHeads: Compute<"transformer-heads"> = async ({ text, ...languages }) => {
  const { network, tokens, config } = await loadTransformer(languages);
  try {
    const ids = sentenceOf(text, tokens);
    const translation = translate(network, ids, config.decoding);
    const inputs = [special.start, ...translation];
    return {
      source: ids.map((id) => tokens.source.token(id)),
      target: inputs.map((id) => tokens.target.token(id)),
      translation: tokens.target.decode(translation),
      ...tf.tidy(() => headsOf(network, ids, inputs)),
    };
  } finally {
    network.dispose();
  }
};

function translate(
  network: Transformer,
  ids: readonly number[],
  decoding: { beamWidth: number; lengthPenalty: number; earlyStop: boolean },
): readonly number[] {
  const source = sourceBatch([ids]);
  const encoding = network.encode(source);
  try {
    const [found] = beamSearch(network, encoding, special, {
      ...decoding,
      maxLength: maxLengthOf(ids),
    });
    return found?.[0]?.tokens ?? [];
  } finally {
    tf.dispose([source.tokens, encoding]);
  }
}

/** The layers one by one, as `Transformer.encode` and `features` run them. */
function headsOf(network: Transformer, source: readonly number[], target: readonly number[]) {
  const { positions } = network;
  const lengths = tf.tensor1d([source.length], "int32");
  const embed = (table: Transformer["source"], ids: readonly number[]): tf.Tensor3D =>
    positions.add(table.forward(tf.tensor2d([[...ids]], undefined, "int32")) as tf.Tensor3D, 0);
  let memory = embed(network.source, source);
  const encoder = network.encoder.map((layer) => {
    const { output, weights } = layer.forward(memory, lengths, { positions });
    memory = output;
    return matricesOf(weights);
  });
  memory = network.encoderNorm?.forward(memory) ?? memory;
  let words = embed(network.target ?? network.source, target);
  const cross = network.decoder.map((layer) => {
    const { output, weights } = layer.forward(words, layer.cross.project(memory), lengths, {
      positions,
    });
    words = output;
    return matricesOf(weights);
  });
  return { encoder, cross };
}
