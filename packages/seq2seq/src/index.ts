export type { Seq2seqEncoding } from "./attending-decoder.ts";
export {
  type Seq2seqConfig,
  type Seq2seqConfigInput,
  type Seq2seqPreset,
  seq2seqConfigSchema,
  seq2seqNetworkSchema,
} from "./config.ts";
export { createSeq2seq } from "./create.ts";
export {
  bahdanau,
  cho,
  gnmt,
  gnmtSmall,
  luong,
  seq2seqPresets,
  sutskever,
} from "./presets.ts";
export { Seq2seq } from "./seq2seq.ts";
export { Speller } from "./speller.ts";
export type { Seq2seqState } from "./state.ts";
