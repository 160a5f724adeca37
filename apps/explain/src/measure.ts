import { GradientMonitor } from "@attend/recurrent";
import { tf } from "@attend/runtime";
import type { SequenceNetwork } from "./network.ts";
import type { TaskBatch } from "./tasks/index.ts";

/**
 * `|dL/dh_t|` of each step t, the first first, L being the loss of what has to be remembered and the norm
 * one over the whole batch: how much of what the end has to say comes back (Pascanu, Mikolov & Bengio
 * 2013, section 2).
 */
export function gradientThroughTime(network: SequenceNetwork, batch: TaskBatch): number[] {
  const monitor = new GradientMonitor();
  const watched = monitor.watch(network.cell);
  const parameters = network.parameters();
  tf.tidy(() => {
    const loss = () => batch.recallLoss(network.read(batch.input, watched), network.readout);
    tf.variableGrads(loss, parameters);
  });
  return [...monitor.norms];
}
