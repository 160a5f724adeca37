export { type CtcBeamOptions, ctcBeamSearch, type LanguageScore } from "./beam-search.ts";
export type { CtcFrames, CtcHypothesis } from "./frames.ts";
export { type AlignedLabel, ctcGreedy } from "./greedy.ts";
