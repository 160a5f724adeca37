import { AttendError } from "@attend/runtime/errors";
import type { TrainingConfig } from "./config.ts";
import { isBetter, scoreOf, type TrainingState, watch } from "./state.ts";

/** Examples of each validation in the log. */
export const shownExamples = 5;

/** @throws AttendError BAD_CONFIG if the config watches a metric but there is no validation */
export function requireMetrics(config: TrainingConfig, validates: boolean): void {
  const [key] = watchers(config)[0] ?? [];
  if (key !== undefined && !validates) {
    throw new AttendError("BAD_CONFIG", `${key} needs metrics, but this task has no validation`);
  }
}

/**
 * Whether a validation is due. It depends on the state alone, so that a training that was interrupted
 * between an update and its validation catches up.
 */
export function validationIsDue(
  config: TrainingConfig,
  state: TrainingState,
  isLast: boolean,
): boolean {
  if (state.step === state.validatedStep) return false;
  if (isLast) return true;
  const { validateEvery } = config;
  return "steps" in validateEvery
    ? state.step % validateEvery.steps === 0
    : state.batch === 0 && state.epoch % validateEvery.epochs === 0;
}

/**
 * Records a validation's metrics in the state: best, plateau, early stopping.
 *
 * @returns whether it is the best so far, by `keepBest`
 * @throws AttendError BAD_CONFIG if a watched metric is missing
 */
export function noteValidation(
  state: TrainingState,
  config: TrainingConfig,
  metrics: Readonly<Record<string, number>>,
): boolean {
  for (const [key, metric] of watchers(config)) {
    if (metrics[metric] === undefined) {
      throw new AttendError(
        "BAD_CONFIG",
        `${key} watches the metric "${metric}", but the validation returns ${Object.keys(metrics).join(", ")}`,
      );
    }
  }
  const { keepBest, earlyStopping, schedule } = config;
  state.validatedStep = state.step;
  if (earlyStopping !== undefined) {
    watch(state.earlyStopping, scoreOf(metrics, earlyStopping), earlyStopping);
    if (state.earlyStopping.waited >= earlyStopping.patience) state.finished = "early-stopping";
  }
  if (schedule.name === "plateau") {
    const { plateau } = state;
    watch(plateau, scoreOf(metrics, schedule), schedule);
    if (plateau.waited > schedule.patience) {
      plateau.waited = 0;
      plateau.scale = Math.max(schedule.minLearningRateRatio, plateau.scale * schedule.factor);
    }
  }
  if (keepBest === undefined) return false;
  const score = scoreOf(metrics, keepBest);
  if (!isBetter(score, state.best, keepBest)) return false;
  state.best = { metric: keepBest.metric, ...score, step: state.step };
  return true;
}

/** The metrics that the config watches, by the config's key. */
function watchers({ keepBest, earlyStopping, schedule }: TrainingConfig): [string, string][] {
  const plateau = schedule.name === "plateau" ? schedule : undefined;
  const found: [string, string][] = [];
  for (const [key, watched] of Object.entries({ keepBest, earlyStopping, schedule: plateau })) {
    if (watched === undefined) continue;
    found.push([key, watched.metric]);
    if (watched.tie !== undefined) found.push([`${key}.tie`, watched.tie.metric]);
  }
  return found;
}
