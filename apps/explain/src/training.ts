import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { AttendError, type Random } from "@attend/runtime";
import { parseTrainingConfig, type TrainingTask, train } from "@attend/training";
import { batchSize, type NetworkKind } from "./config.ts";
import type { SequenceNetwork } from "./network.ts";
import type { SequenceTask, TaskBatch } from "./tasks/index.ts";

/** What a training was like, update by update. */
export interface Curves {
  readonly losses: readonly number[];
  /** The global norm of each update's gradient, before clipping. */
  readonly gradientNorms: readonly number[];
  /** The update at which loss or gradient were no numbers any more; the last before it are the last here. */
  readonly divergedAt: number | null;
}

export interface TrainingOptions {
  readonly task: SequenceTask;
  readonly length: number;
  readonly kind: NetworkKind;
  readonly steps: number;
  readonly seed: number;
  /** Absent: the gradient is taken as it is. */
  readonly clipNorm: number | undefined;
  /** A folder that can be written to, for what the trainer keeps meanwhile. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onUpdate?: ((loss: number) => void) | undefined;
}

/**
 * Trains a network on sequences that are new at each update, the same ones for the same seed.
 *
 * @throws AttendError INTERRUPTED, WRITE_FAILED
 */
export async function trainNetwork(
  network: SequenceNetwork,
  options: TrainingOptions,
): Promise<Curves> {
  const { kind, steps, seed, clipNorm, folder, signal, onUpdate } = options;
  const given = { seed, maxSteps: steps, optimizer: kind.optimizer, clipNorm, tensorboard: false };
  const config = parseTrainingConfig(given, "explain");
  const losses: number[] = [];
  const gradientNorms: number[] = [];
  const out = await mkdtemp(join(folder, ".training-"));
  try {
    await train(network, drawingTask(network, options), config, {
      out,
      signal,
      onEvent(event) {
        if (event.type !== "step") return;
        losses.push(event.loss);
        gradientNorms.push(event.gradientNorm);
        onUpdate?.(event.loss);
      },
    });
    return { losses, gradientNorms, divergedAt: null };
  } catch (thrown) {
    if (!(AttendError.isInstance(thrown) && thrown.code === "NOT_FINITE")) throw thrown;
    return { losses, gradientNorms, divergedAt: losses.length + 1 };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function drawingTask(
  network: SequenceNetwork,
  { task, length, steps }: TrainingOptions,
): TrainingTask<number, TaskBatch> {
  return {
    plan: () => Array.from({ length: steps }, (_, i) => i),
    load: async (_, random: Random) => task.draw(length, batchSize, random),
    loss: (batch) => ({
      loss: batch.loss(network.read(batch.input), network.readout),
      items: batchSize,
    }),
    release: (batch) => batch.dispose(),
  };
}
