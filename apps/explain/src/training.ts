import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { AttendError, type Random } from "@attend/runtime";
import { parseTrainingConfig, type TrainingTask, train } from "@attend/training";
import { batchSize, type NetworkKind } from "./config.ts";
import type { SequenceNetwork } from "./network.ts";
import type { SequenceTask, TaskBatch } from "./tasks/index.ts";

/** A training run, update by update. */
export interface Curves {
  readonly losses: readonly number[];
  /** The global norm of each update's gradient, before clipping. */
  readonly gradientNorms: readonly number[];
  /** The update at which loss or gradient were no longer finite; the curves end before it. */
  readonly divergedAt: number | null;
}

export interface TrainingOptions {
  readonly task: SequenceTask;
  readonly length: number;
  readonly kind: NetworkKind;
  readonly steps: number;
  readonly seed: number;
  /** If absent, gradients are not clipped. */
  readonly clipNorm: number | undefined;
  /** A writable folder for the trainer's temporary files. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onUpdate?: ((loss: number) => void) | undefined;
}

/**
 * Trains a network on new sequences at each update; the same seed gives the same sequences.
 *
 * @throws AttendError INTERRUPTED, WRITE_FAILED
 */
export async function trainNetwork(
  network: SequenceNetwork,
  options: TrainingOptions,
): Promise<Curves> {
  const { kind, steps, seed, clipNorm, folder, signal, onUpdate } = options;
  const settings = {
    seed,
    maxSteps: steps,
    optimizer: kind.optimizer,
    clipNorm,
    tensorboard: false,
  };
  const config = parseTrainingConfig(settings, "explain");
  const losses: number[] = [];
  const gradientNorms: number[] = [];
  const out = await mkdtemp(join(folder, ".training-"));
  try {
    await train(network, samplingTask(network, options), config, {
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

function samplingTask(
  network: SequenceNetwork,
  { task, length, steps }: TrainingOptions,
): TrainingTask<number, TaskBatch> {
  return {
    plan: () => Array.from({ length: steps }, (_, i) => i),
    load: async (_, random: Random) => task.sample(length, batchSize, random),
    loss: (batch) => ({
      loss: batch.loss(network.read(batch.input), network.readout),
      items: batchSize,
    }),
    release: (batch) => batch.dispose(),
  };
}
