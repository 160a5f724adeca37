import type { ScheduleConfig } from "./config.ts";

/**
 * What the learning rate is multiplied by in the update after `step` updates. Warm-up rises linearly
 * to 1, which the update number `warmupSteps` has; then, with p the share of the rest that is done:
 * - constant, plateau: 1 (a plateau's reductions are another factor);
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
