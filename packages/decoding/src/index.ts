export { type BeamOptions, beamSearch } from "./beam-search.ts";
export type { Avoid, ConstraintOptions } from "./constraints.ts";
export * from "./ctc/index.ts";
export { type DecodeOptions, decodeEach } from "./decode-each.ts";
export type {
  Decoder,
  DecoderState,
  DecodingTokens,
  EncoderDecoder,
  Hypothesis,
  SourceBatch,
} from "./decoder.ts";
export { checkImage, dropChannels, type EncodedImage } from "./encoded-image.ts";
export {
  EncoderDecoderEnsemble,
  Ensemble,
  type EnsembleEncoding,
  type EnsembleState,
} from "./ensemble.ts";
export { expand, forward, gatherRows } from "./functions.ts";
export { type GenerateOptions, generate } from "./generate.ts";
export {
  MutualInformation,
  type MutualInformationEncoding,
  type MutualInformationOptions,
  type MutualInformationState,
} from "./mutual-information.ts";
export { appendObjects, ObjectCopy } from "./object-copy.ts";
export type { MaxLength } from "./options.ts";
export { type Choose, greedily, type SamplingOptions, sampling } from "./sample.ts";
export { type SealedModel, sealed } from "./sealed.ts";
export {
  meanLoss,
  type TeacherForcing,
  type TeacherForcingOptions,
  type TokenLossOptions,
  teacherForcing,
  tokenLosses,
} from "./teacher-forcing.ts";
