import type { ScheduleConfig } from "./config.ts";

/**
 * The factor of the learning rate in the update after `step` updates. Warmup rises linearly to 1 at update
 * number `warmupSteps`; then, with p the fraction of the remaining steps done:
 * - constant, plateau: 1 (a plateau's reductions are a separate factor);
 * - linear: 1 - p; cosine: (1 + cos(pi p)) / 2 (Loshchilov & Hutter 2017), both above
 *   `minLearningRateRatio`;
 * - inverse-sqrt: sqrt(warmupSteps / (step + 1)) (Vaswani et al. 2017, equation 3).
 */
export function scheduleFactor(config: ScheduleConfig, step: number, totalSteps: number): number {
  const { warmupSteps } = config;
  if (step < warmupSteps) return (step + 1) / warmupSteps;
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  switch (config.name) {
    case "constant":
    case "plateau":
      return 1;
    case "inverse-sqrt":
      return Math.sqrt(warmupSteps / (step + 1));
    case "linear":
      return mix(config.minLearningRateRatio, 1 - done);
    case "cosine":
      return mix(config.minLearningRateRatio, (1 + Math.cos(Math.PI * done)) / 2);
  }
}

function mix(low: number, share: number): number {
  return low + (1 - low) * share;
}
