import { hasFusedKernels } from "./engines/fused-kernels.ts";
import { AttendError } from "./errors.ts";
import { tf } from "./tf.ts";

/** An attribute of a TensorFlow operation. `type` is the type of its value. */
export type Attribute =
  | { readonly name: string; readonly type: "float"; readonly value: number }
  | { readonly name: string; readonly type: "int"; readonly value: number | readonly number[] }
  | { readonly name: string; readonly type: "bool"; readonly value: boolean }
  | { readonly name: string; readonly type: "string"; readonly value: string }
  | { readonly name: string; readonly type: "dtype"; readonly value: "float32" | "int32" | "int64" }
  | { readonly name: string; readonly type: "shape"; readonly value: readonly number[] };

type Constant =
  | (typeof attributeConstants)[keyof typeof attributeConstants]
  | (typeof dtypeConstants)[keyof typeof dtypeConstants]
  | "TF_UINT8";

/** A tensor of libtensorflow. */
interface Handle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The part of tfjs-node's binding that this module uses. */
interface Binding extends Readonly<Record<Constant, number>> {
  createTensor(shape: readonly number[], dtype: number, values: Uint8Array): number;
  executeOp(name: string, attributes: object[], inputs: number[], outputs: number): Handle[];
  deleteTensor(id: number): void;
}

/** The part of tfjs-node's backend that this module uses. */
interface NativeBackend {
  readonly binding: Binding;
  createOutputTensor(handle: Handle): tf.Tensor;
  executeSingleOutput(name: string, attributes: object[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: object[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/** Whether the native engine is active, so that {@link nativeKernel} can be called. */
export function isNative(): boolean {
  return tf.getBackend() === "tensorflow";
}

/**
 * Runs a registered TensorFlow operation that has one output. Not differentiable on its own: wrap it
 * in `tf.customGrad`. The caller (or an enclosing `tf.tidy`) owns the result.
 */
export function nativeKernel(
  name: string,
  attributes: readonly Attribute[],
  inputs: tf.TensorInfo[],
): tf.Tensor {
  const backend = nativeBackend(name);
  return backend.executeSingleOutput(name, encode(backend, attributes), inputs);
}

/** Like {@link nativeKernel}, for an operation with `outputs` outputs. */
export function nativeKernels(
  name: string,
  attributes: readonly Attribute[],
  inputs: tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  const backend = nativeBackend(name);
  return backend.executeMultipleOutputs(name, encode(backend, attributes), inputs, outputs);
}

function nativeBackend(operation: string): NativeBackend {
  const backend: object = tf.backend();
  if (!isNativeBackend(backend)) {
    throw new AttendError(
      "ENGINE_MISSING",
      `the TensorFlow operation ${operation} needs the native engine, but "${tf.getBackend()}" is active`,
    );
  }
  return backend;
}

function isNativeBackend(backend: object): backend is NativeBackend {
  return "executeSingleOutput" in backend && "executeMultipleOutputs" in backend;
}

const attributeConstants = {
  float: "TF_ATTR_FLOAT",
  int: "TF_ATTR_INT",
  bool: "TF_ATTR_BOOL",
  string: "TF_ATTR_STRING",
  dtype: "TF_ATTR_TYPE",
  shape: "TF_ATTR_SHAPE",
} as const;

const dtypeConstants = { float32: "TF_FLOAT", int32: "TF_INT32", int64: "TF_INT64" } as const;

function encode(backend: NativeBackend, attributes: readonly Attribute[]): object[] {
  return attributes.map((attribute) => ({
    name: attribute.name,
    type: backend.binding[attributeConstants[attribute.type]],
    value:
      attribute.type === "dtype"
        ? backend.binding[dtypeConstants[attribute.value]]
        : attribute.value,
  }));
}

/** TensorFlow's number of float16, which tfjs-node does not name. */
const half = 19;

/**
 * A float32 tensor of float16 numbers, which the native engine decodes: no array of the decoded numbers exists in
 * JavaScript, which would wait for the garbage collector. The caller (or an enclosing `tf.tidy`) owns the result.
 *
 * @param bits little-endian, two bytes a number; not modified afterwards
 * @throws AttendError ENGINE_MISSING on another engine
 */
export function decodeFloat16OnEngine(bits: Uint8Array, shape: readonly number[]): tf.Tensor {
  const backend = nativeBackend("Cast");
  const { binding } = backend;
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  const run = (name: string, attributes: object[], input: number): Handle => {
    const [output] = binding.executeOp(name, attributes, [input], 1);
    binding.deleteTensor(input);
    if (output === undefined) throw new TypeError(`${name} has one output`);
    return output;
  };
  const bytes = binding.createTensor([...shape, 2], binding.TF_UINT8, bits);
  if (hasFusedKernels()) return backend.createOutputTensor(run("AttendDecodeHalf", [], bytes));
  const halves = run("Bitcast", [type("T", binding.TF_UINT8), type("type", half)], bytes);
  const attributes = [type("SrcT", half), type("DstT", binding.TF_FLOAT)];
  return backend.createOutputTensor(run("Cast", attributes, halves.id));
}

/** The attribute that most operations have: the type of their elements. */
export const floatType: Attribute = { name: "T", type: "dtype", value: "float32" };
