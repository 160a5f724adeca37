export type { Outcome } from "./outcomes.ts";
export { expectedCalibrationError, type ReliabilityBin, reliability } from "./reliability.ts";
export { fitTemperature } from "./temperature.ts";
export { type ConfidenceThreshold, thresholdForAccuracy } from "./threshold.ts";
