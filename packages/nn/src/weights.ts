import { AttendError, tf } from "@attend/runtime";
import type { Module, Parameter } from "./module.ts";
import { readSafetensors, type StoredTensor, writeSafetensors } from "./safetensors.ts";

/** A copy of every parameter's value by name. */
export function readWeights(module: Module): Map<string, StoredTensor> {
  return new Map(
    [...module.namedParameters()].map(([name, parameter]) => [
      name,
      { shape: [...parameter.shape], data: Float32Array.from(parameter.dataSync()) },
    ]),
  );
}

/**
 * Gives every parameter its value. All or nothing: names every missing, extra and misshapen tensor in
 * one BAD_WEIGHTS error, `source` being where they come from, and then changes no parameter.
 */
export function assignWeights(
  module: Module,
  tensors: ReadonlyMap<string, StoredTensor>,
  source: string,
): void {
  const parameters = module.namedParameters();
  const faults: string[] = [];
  for (const [name, parameter] of parameters) {
    const stored = tensors.get(name);
    if (stored === undefined) faults.push(`${name} is missing`);
    else if (!sameShape(stored, parameter)) {
      faults.push(`${name} is [${stored.shape}], the model has [${parameter.shape}]`);
    }
  }
  for (const name of tensors.keys()) {
    if (!parameters.has(name)) faults.push(`${name} is not part of the model`);
  }
  if (faults.length > 0) {
    throw new AttendError(
      "BAD_WEIGHTS",
      `${source}: these weights do not fit the model (its config or vocabulary is another one): ${faults.join("; ")}`,
    );
  }
  for (const [name, parameter] of parameters) {
    const stored = tensors.get(name);
    if (stored !== undefined) setParameter(parameter, stored.data);
  }
}

/** Replaces one parameter's value; `data` has as many elements as the parameter. */
export function setParameter(parameter: Parameter, data: Float32Array): void {
  const value = tf.tensor(data, parameter.shape);
  parameter.assign(value);
  value.dispose();
}

/** Loads a safetensors file into a module; see {@link assignWeights}. */
export async function loadWeights(module: Module, path: string): Promise<void> {
  const { tensors } = await readSafetensors(path);
  assignWeights(module, tensors, path);
}

/** Saves every parameter to a safetensors file, atomically. */
export async function saveWeights(
  module: Module,
  path: string,
  options?: { precision?: "float32" | "float16"; metadata?: Record<string, string> },
): Promise<void> {
  await writeSafetensors(path, readWeights(module), options);
}

function sameShape(stored: StoredTensor, parameter: Parameter): boolean {
  return (
    stored.shape.length === parameter.shape.length &&
    stored.shape.every((size, axis) => size === parameter.shape[axis])
  );
}
