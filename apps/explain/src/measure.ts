import { GradientMonitor } from "@attend/recurrent";
import { tf } from "@attend/runtime";
import type { SequenceNetwork } from "./network.ts";
import type { TaskBatch } from "./tasks/index.ts";

/**
 * `|dL/dh_t|` for each step t from the first, where L is the loss for what has to be remembered and the norm
 * is over the entire batch: how much of the final loss reaches each step (Pascanu, Mikolov & Bengio
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
