import { AttendError, decodeFloat16OnEngine, isNative, tf } from "@attend/runtime";
import type { Module, Parameter } from "./module.ts";
import { readSafetensors, type StoredTensor, writeSafetensors } from "./safetensors.ts";

/** Copies of all parameters' values by name. */
export function readWeights(module: Module): Map<string, StoredTensor> {
  return new Map(
    [...module.namedParameters()].map(([name, parameter]) => [
      name,
      { shape: [...parameter.shape], data: Float32Array.from(parameter.dataSync()) },
    ]),
  );
}

/**
 * Assigns values to all parameters, or to none: a BAD_WEIGHTS error counts the missing, extra and misshapen
 * tensors and names the first of each.
 *
 * @param source where the tensors come from, for the error
 */
export function assignWeights(
  module: Module,
  tensors: ReadonlyMap<string, StoredTensor>,
  source: string,
): void {
  const parameters = module.namedParameters();
  const matched: [Parameter, StoredTensor][] = [];
  const missing: string[] = [];
  const misshapen: string[] = [];
  for (const [name, parameter] of parameters) {
    const stored = tensors.get(name);
    if (stored === undefined) missing.push(name);
    else if (sameShape(stored, parameter)) matched.push([parameter, stored]);
    else misshapen.push(`${name} [${stored.shape}] for [${parameter.shape}]`);
  }
  const extra = [...tensors.keys()].filter((name) => !parameters.has(name));
  const faults = [
    ...firstOf("missing", missing),
    ...firstOf("of a different shape", misshapen),
    ...firstOf("not part of the model", extra),
  ];
  if (faults.length > 0) {
    throw new AttendError(
      "BAD_WEIGHTS",
      `${source}: the weights do not match the model (its config or vocabulary differs): ${faults.join("; ")}`,
    );
  }
  // A tensor of an unsupported type throws here, before any assignment.
  for (const [, stored] of matched) stored.float16 ?? stored.data;
  for (const [parameter, stored] of matched) replaceValue(parameter, toTensor(stored));
}

function toTensor(stored: StoredTensor): tf.Tensor {
  const { shape, float16 } = stored;
  if (float16?.length && isNative()) return decodeFloat16OnEngine(float16, shape);
  return tf.tensor(stored.data, [...shape]);
}

function replaceValue(parameter: Parameter, value: tf.Tensor): void {
  parameter.assign(value);
  value.dispose();
}

/** `12 missing (a, b, c and 9 more)`, or nothing for no names. */
function firstOf(fault: string, names: readonly string[], shown = 3): string[] {
  if (names.length === 0) return [];
  const rest = names.length > shown ? ` and ${names.length - shown} more` : "";
  return [`${names.length} ${fault} (${names.slice(0, shown).join(", ")}${rest})`];
}

/** Replaces a parameter's value; `data` has as many elements as the parameter. */
export function setParameter(parameter: Parameter, data: Float32Array): void {
  replaceValue(parameter, tf.tensor(data, parameter.shape));
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
