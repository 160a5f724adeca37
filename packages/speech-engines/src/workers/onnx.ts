import { createRequire } from "node:module";
import { join } from "node:path";

/** What is used of onnxruntime-node, whose types are not installed. */
export interface Onnx {
  readonly Tensor: new (
    type: "float32" | "int64" | "bool",
    data: Float32Array | BigInt64Array | Uint8Array,
    dims: readonly number[],
  ) => OnnxTensor;
  readonly InferenceSession: {
    create(file: string | Uint8Array, options?: OnnxOptions): Promise<OnnxSession>;
  };
}

export interface OnnxTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

interface OnnxOptions {
  readonly intraOpNumThreads?: number;
  /** Further settings, such as those of onnxruntime_session_options_config_keys.h, by the parts of their names. */
  readonly extra?: {
    readonly session: { readonly intra_op: { readonly allow_spinning: "0" | "1" } };
  };
}

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** @param outputs the names of those to compute; default: all */
  run(
    inputs: Readonly<Record<string, OnnxTensor>>,
    outputs?: readonly string[],
  ): Promise<Record<string, OnnxTensor>>;
}

/** Loads onnxruntime-node from the folder of an installed part. */
export function loadOnnx(folder: string): Onnx {
  const onnx: Onnx = createRequire(join(folder, "package.json"))("onnxruntime-node");
  return onnx;
}

/** @throws an error if the network has no output of this name */
export function outputOf(outputs: Readonly<Record<string, OnnxTensor>>, name: string): OnnxTensor {
  const output = outputs[name];
  if (output === undefined) throw new Error(`the network has no output ${name}`);
  return output;
}
