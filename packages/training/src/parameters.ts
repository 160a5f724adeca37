import type { Module } from "@attend/nn";
import { AttendError } from "@attend/runtime/errors";
import type { TrainingConfig } from "./config.ts";
import type { TrainedParameter } from "./optimizer.ts";

/**
 * The parameters that the config trains, in the module's order.
 *
 * @throws AttendError BAD_CONFIG if a group's pattern matches nothing or nothing is left to train
 */
export function trainedParameters(module: Module, config: TrainingConfig): TrainedParameter[] {
  const groups = config.parameterGroups.map((group) => ({
    ...group,
    matcher: new RegExp(`^(?:${group.pattern})`),
    matches: 0,
  }));
  const trained: TrainedParameter[] = [];
  for (const [name, parameter] of module.namedParameters()) {
    const group = groups.find(({ matcher }) => matcher.test(name));
    if (group !== undefined) group.matches++;
    if (group?.frozen === true || !parameter.trainable) continue;
    const weightDecay = group?.weightDecay ?? config.optimizer.weightDecay;
    trained.push({
      name,
      parameter,
      learningRateScale: group?.learningRateScale ?? 1,
      weightDecay: parameter.rank < 2 ? 0 : weightDecay,
    });
  }
  const unused = groups.find(({ matches }) => matches === 0);
  if (unused !== undefined) {
    const names = [...module.namedParameters().keys()];
    const some = names.slice(0, 3).join(", ");
    throw new AttendError(
      "BAD_CONFIG",
      `parameterGroups: pattern "${unused.pattern}" is not the first match of any parameter; there are ${names.length}: ${some}, ...`,
    );
  }
  if (trained.length === 0) {
    throw new AttendError("BAD_CONFIG", "every parameter is frozen: nothing is left to train");
  }
  return trained;
}
