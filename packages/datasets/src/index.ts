export {
  type PaddedTokens,
  padTokens,
  type TeacherForcing,
  type TeacherForcingOptions,
  teacherForcing,
} from "./batches/pad.ts";
export { type CaptionBatchesOptions, captionBatches } from "./batches/plan.ts";
export type { Caption, CaptionedImage, CaptionSet } from "./captions/caption-set.ts";
export { mergeCaptionSets, splitCaptionSet } from "./captions/combine.ts";
export { findData, readDataSet } from "./captions/find-data.ts";
export { type ReadCaptionsOptions, readCaptions } from "./captions/read-captions.ts";
export type { CaptionColumns } from "./captions/rows.ts";
export {
  type CaptionStatistics,
  formatStatistics,
  type Spread,
  statistics,
} from "./captions/statistics.ts";
export type { FeatureKind } from "./features/layout.ts";
export { type FeatureCache, openFeatureCache } from "./features/reader.ts";
export { createFeatureCacheWriter, type FeatureCacheWriter } from "./features/writer.ts";
