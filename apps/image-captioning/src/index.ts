export type {
  Attention,
  Caption,
  CaptionOptions,
  CaptionOutcome,
  CaptionResult,
  Photo,
} from "./caption.ts";
export { Captioner, type CaptionerOptions, loadCaptioner } from "./captioner.ts";
export { renderHeatmap } from "./present/render-heatmap.ts";
