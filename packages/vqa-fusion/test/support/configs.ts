import { allConfigs } from "@attend/test-kit";
import { type FusionConfig, fusionConfigSchema } from "../../src/index.ts";
import { sizes } from "./batches.ts";

const recurrent = { size: 4, dropout: 0.5 };
const selfAttention = { size: 4, heads: 2, layers: 1, feedForwardSize: 3, dropout: 0.5 };
const networks = [
  { kind: "lstm", layers: 2, summary: "states", ...recurrent },
  { kind: "gru", ...recurrent },
];
const questions = [
  ...networks,
  { kind: "lstm", layers: 2, summary: "output", ...recurrent },
  { kind: "bag-of-words", dropout: 0.5 },
  { kind: "transformer", ...selfAttention },
];

/** Every option of every kind of fusion, and every question reader, in small. */
export const configs: readonly FusionConfig[] = [
  { kind: ["blind"], question: networks },
  { kind: ["initial-state", "first-word", "last-word"], question: networks },
  { kind: ["concatenation"], question: questions, size: [3] },
  { kind: ["product"], question: networks, size: [3], normalize: [true, false] },
  { kind: ["stacked"], question: networks, hops: [1, 2], attentionSize: [3] },
  { kind: ["co-attention"], cell: ["lstm", "gru"], size: [3], attentionSize: [2], dropout: [0.5] },
  { kind: ["gated"], question: networks, size: [3], attentionSize: [2] },
  { kind: ["low-rank-bilinear"], question: networks, size: [3], glimpses: [1, 2] },
  { kind: ["word-guided"], question: networks, size: [3], glimpses: [2], words: [[2, 5, 9]] },
  { kind: ["film"], question: networks, size: [6], blocks: [1, 2] },
  Object.fromEntries(
    Object.entries({ kind: "cross-modal", ...selfAttention }).map(([name, value]) => [
      name,
      [value],
    ]),
  ),
].flatMap((options) =>
  allConfigs(
    {
      ...Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, [size]])),
      imageDropout: [0.5],
      ...options,
    },
    (config) => fusionConfigSchema.safeParse(config).data,
  ),
);
