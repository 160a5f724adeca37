import { beamSearch, type Hypothesis } from "@attend/decoding";
import { tf } from "@attend/runtime";
import { maxLengthOf, sourceBatch, special } from "@attend/translator";
import { buildTree } from "./beam-tree.ts";
import type { Compute } from "./figure.ts";
import { loadTransformer, sentenceOf } from "./shipped-transformer.ts";
import { TracedDecoder } from "./traced-decoder.ts";

/** The search for a translation, with every path that it follows and drops. */
export const beamTree: Compute<"beam-search"> = async ({ text, beamWidth, ...languages }) => {
  const { network, tokens, config } = await loadTransformer(languages);
  const { target } = tokens;
  try {
    const ids = sentenceOf(text, tokens);
    const traced = new TracedDecoder(network);
    const search = (): readonly Hypothesis[] => {
      const source = sourceBatch([ids]);
      const encoding = network.encode(source);
      const options = { ...config.decoding, beamWidth, maxLength: maxLengthOf(ids) };
      try {
        return beamSearch(traced, encoding, special, options)[0] ?? [];
      } finally {
        tf.dispose([source.tokens, encoding]);
      }
    };
    const hypotheses = search();
    const { nodes, leaves } = buildTree(traced.steps, hypotheses, { beamWidth, special });
    return {
      nodes: nodes.map(({ token, ...node }) => ({ ...node, token: target.token(token) })),
      hypotheses: hypotheses.map(({ tokens, logProbability, score }, i) => ({
        text: target.decode(tokens),
        logProbability,
        score,
        node: leaves[i] ?? 0,
      })),
      lengthPenalty: config.decoding.lengthPenalty,
    };
  } finally {
    network.dispose();
  }
};
