import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  assignWeights,
  type Module,
  readSafetensors,
  readWeights,
  type StoredTensor,
  writeSafetensors,
} from "@attend/nn";
import { AttendError, tf } from "@attend/runtime";
import { firstDifference, tryParseJson } from "@attend/runtime/config";
import type { TrainingConfig } from "./config.ts";
import type { Slot } from "./slot.ts";
import { type TrainingState, trainingStateSchema } from "./state.ts";

const weightsPrefix = "model/";

/** The tensors of a checkpoint. */
export interface CheckpointTensors {
  readonly module: Module;
  /** The optimizer's, the weight average's and the task's. */
  readonly slots: ReadonlyMap<string, Slot>;
}

/**
 * Writes a checkpoint: one safetensors file, replaced atomically, with the weights (`model/...`), the
 * optimizer's state (`adam.m/...`) and the averaged weights (`ema/...`); state and config are JSON in
 * its metadata.
 *
 * @throws AttendError WRITE_FAILED; the previous checkpoint is then unchanged
 */
export async function writeCheckpoint(
  path: string,
  { module, slots }: CheckpointTensors,
  state: TrainingState,
  config: TrainingConfig,
): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, stored] of readWeights(module)) tensors.set(weightsPrefix + name, stored);
  for (const [name, slot] of slots) tensors.set(name, readSlot(slot));
  const metadata = { state: JSON.stringify(state), config: JSON.stringify(config) };
  await writeSafetensors(path, tensors, { metadata });
}

/**
 * Restores a checkpoint's tensors and returns its state.
 *
 * @throws AttendError BAD_CONFIG naming the first key that differs from the checkpoint's config,
 *   BAD_WEIGHTS if it is not a checkpoint or that of another model; nothing is then changed
 */
export async function readCheckpoint(
  path: string,
  { module, slots }: CheckpointTensors,
  config: TrainingConfig,
): Promise<TrainingState> {
  const { tensors, metadata } = await readSafetensors(path);
  const state = trainingStateSchema.safeParse(tryParseJson(metadata["state"]));
  const savedConfig = tryParseJson(metadata["config"]);
  if (!state.success || savedConfig === undefined) {
    throw new AttendError(
      "BAD_WEIGHTS",
      `${path}: not a training checkpoint (weights alone cannot be resumed); give the folder of a training`,
    );
  }
  requireSameConfig(path, comparable(savedConfig), comparable(config));
  const weights = new Map<string, StoredTensor>();
  const rest = new Map<string, StoredTensor>();
  for (const [name, stored] of tensors) {
    if (name.startsWith(weightsPrefix)) weights.set(name.slice(weightsPrefix.length), stored);
    else rest.set(name, stored);
  }
  const unmatched = [...slots.keys()].find((name) => !rest.has(name)) ?? extra(rest, slots);
  if (unmatched !== undefined) {
    throw new AttendError(
      "BAD_WEIGHTS",
      `${path}: ${unmatched} is not in both the checkpoint and this training; train the same parameters as before`,
    );
  }
  assignWeights(module, weights, path);
  for (const [name, slot] of slots) {
    const stored = rest.get(name);
    if (stored !== undefined) writeSlot(slot, stored);
  }
  return state.data;
}

/** Removes temporary files that a killed process left while writing `path`. */
export async function removeUnfinished(path: string): Promise<void> {
  const folder = dirname(path);
  if (!existsSync(folder)) return;
  const prefix = `.${basename(path)}.`;
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix) && name.endsWith(".tmp")) await rm(join(folder, name));
  }
}

/** Keys that do not affect the weights, and may differ on resume. */
const reportingKeys = ["checkpointEvery", "logEvery", "tensorboard"];

/** A config without the keys that do not affect the weights. */
export function decisive(config: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !reportingKeys.includes(key)));
}

function comparable(config: unknown): unknown {
  if (typeof config !== "object" || config === null) return config;
  const plain = decisive(config);
  const schedule: unknown = plain["schedule"];
  const decays =
    typeof schedule === "object" &&
    schedule !== null &&
    "name" in schedule &&
    (schedule.name === "cosine" || schedule.name === "linear");
  // The length affects only a schedule that decays to its end.
  if (!decays) for (const key of ["epochs", "maxSteps", "maxSeconds"]) delete plain[key];
  return plain;
}

function requireSameConfig(path: string, saved: unknown, given: unknown): void {
  const key = firstDifference(saved, given);
  if (key === undefined) return;
  throw new AttendError(
    "BAD_CONFIG",
    `${path} was written with a different config: ${key.path} was ${key.saved}, now it is ${key.given}; resume with the old value, or train into another folder`,
  );
}

function extra(stored: ReadonlyMap<string, unknown>, slots: ReadonlyMap<string, unknown>) {
  return [...stored.keys()].find((name) => !slots.has(name));
}

/** Reads a slot's value back from the engine. */
export function readSlot(slot: Slot): StoredTensor {
  let stored: StoredTensor = { shape: [0], data: new Float32Array() };
  // Not returned from `tidy`, which would search the array for tensors, one number after another.
  tf.tidy(() => {
    const value = slot.read();
    stored = { shape: [...value.shape], data: Float32Array.from(value.dataSync()) };
  });
  return stored;
}

function writeSlot(slot: Slot, stored: StoredTensor): void {
  tf.tidy(() => slot.write(tensorOf(stored)));
}

/** The caller disposes the result. */
export function tensorOf({ shape, data }: StoredTensor): tf.Tensor {
  return tf.tensor(data, [...shape]);
}
