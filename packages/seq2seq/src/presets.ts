import type { Seq2seqPreset } from "./config.ts";

// The sizes are those of the papers, to be overridden.

/** Sutskever, Vinyals & Le 2014: a deep LSTM reads the reversed source, and another continues from its state. */
export const sutskever = {
  embeddingSize: 1000,
  hiddenSize: 1000,
  encoder: { cell: "lstm", layers: 4, reverse: true },
  decoder: { cell: "lstm", layers: 4, start: "copy" },
  readout: "state",
} as const satisfies Seq2seqPreset;

/** Cho et al. 2014, appendix A: GRUs; the source as one vector, which is an input of each step. */
export const cho = {
  embeddingSize: 100,
  hiddenSize: 1000,
  encoder: { cell: "gru-reset-before" },
  decoder: { cell: "gru-reset-before", start: "summary", summaryEveryStep: true },
  readout: "maxout",
  readoutSize: 500,
} as const satisfies Seq2seqPreset;

/** Bahdanau, Cho & Bengio 2015, appendix A (RNNsearch): a bidirectional encoder, attention before each step. */
export const bahdanau = {
  embeddingSize: 620,
  hiddenSize: 1000,
  encoder: { cell: "gru", bidirectional: "all" },
  decoder: { cell: "gru", start: "summary" },
  attention: { kind: "bahdanau", score: "additive" },
  readout: "maxout",
  readoutSize: 500,
} as const satisfies Seq2seqPreset;

/** Luong, Pham & Manning 2015, section 4.1: stacked LSTMs, global general attention, input feeding. */
export const luong = {
  embeddingSize: 1000,
  hiddenSize: 1000,
  encoder: { cell: "lstm", layers: 4, reverse: true },
  decoder: { cell: "lstm", layers: 4, start: "copy" },
  attention: { kind: "luong", score: "general", inputFeeding: true },
  readout: "tanh",
  dropout: 0.2,
} as const satisfies Seq2seqPreset;

/**
 * Wu et al. 2016, section 3: eight layers, the encoder's first bidirectional, residual from the third
 * on. The context is an input of the decoder's layers above the lowest. In the paper, the lowest layer
 * also has the context of the previous step as an input, which `attention.inputFeeding` adds at the
 * cost of a loop.
 */
export const gnmt = {
  embeddingSize: 1024,
  hiddenSize: 1024,
  encoder: { cell: "lstm", layers: 8, bidirectional: "first", residual: true },
  decoder: { cell: "lstm", layers: 8, residual: true, start: "copy" },
  attention: { kind: "gnmt", score: "additive" },
  readout: "state",
  dropout: 0.2,
} as const satisfies Seq2seqPreset;

/** A {@link gnmt} for training on a laptop: 4 layers of 256, with a table shared by output and target. */
export const gnmtSmall = {
  embeddingSize: 256,
  hiddenSize: 256,
  tiedEmbeddings: "output",
  encoder: { cell: "lstm", layers: 4, bidirectional: "first", residual: true },
  decoder: { cell: "lstm", layers: 4, residual: true, start: "copy" },
  attention: { kind: "gnmt", score: "scaled-dot" },
  readout: "state",
  dropout: 0.2,
} as const satisfies Seq2seqPreset;

/** The presets by their names in configurations and on command lines. */
export const seq2seqPresets = {
  sutskever,
  cho,
  bahdanau,
  luong,
  gnmt,
  "gnmt-small": gnmtSmall,
} as const;
