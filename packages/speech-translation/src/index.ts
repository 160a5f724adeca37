export { Chain, chainOf, type RunOptions, type StageReport, type Step } from "./chain.ts";
export { type Stage, type StageContext, stageOf } from "./stage.ts";
