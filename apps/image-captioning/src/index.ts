export {
  type Attention,
  type Caption,
  Captioner,
  type CaptionOutcome,
  type CaptionResult,
  type Photo,
} from "./captioner/captioner.ts";
export { type CaptionerOptions, loadCaptioner } from "./captioner/load-captioner.ts";
export type { CaptionOptions } from "./captioner/options.ts";
export { renderHeatmap } from "./present/render-heatmap.ts";
