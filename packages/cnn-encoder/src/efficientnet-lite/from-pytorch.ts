import { assignWeights, readSafetensors, type StoredTensor } from "@attend/nn";
import type { EfficientNetLiteOptions } from "./config.ts";
import { createEfficientNetLite, type EfficientNetLite } from "./efficientnet-lite.ts";

/**
 * Builds an EfficientNet-Lite from a safetensors file of a PyTorch model with the parameter names of
 * the package efficientnet-lite-pytorch (`_blocks.0._depthwise_conv.weight`).
 *
 * @throws AttendError FILE_NOT_FOUND; BAD_WEIGHTS naming the tensors that do not match
 */
export async function loadPytorchEfficientNetLite(
  path: string,
  options: EfficientNetLiteOptions,
): Promise<EfficientNetLite> {
  const { tensors } = await readSafetensors(path);
  const network = createEfficientNetLite({ ...options, folded: false });
  let result: EfficientNetLite | undefined;
  try {
    assignWeights(network, fromPytorch(tensors, options.classifier === true), path);
    result = options.folded === true ? network.fold() : network;
  } finally {
    if (result !== network) network.dispose();
  }
  return result;
}

/** Converts PyTorch's names and layouts to ours; drops the classifier if `classifier` is false. */
export function fromPytorch(
  tensors: ReadonlyMap<string, StoredTensor>,
  classifier: boolean,
): Map<string, StoredTensor> {
  const converted = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    if (name.endsWith(".num_batches_tracked")) continue;
    if (name.startsWith("_fc.") && !classifier) continue;
    converted.set(ourName(name), ourLayout(name, tensor));
  }
  return converted;
}

const layers: Readonly<Record<string, string>> = {
  _conv_stem: "stem.kernel",
  _bn0: "stem.norm",
  _conv_head: "head.kernel",
  _bn1: "head.norm",
  _fc: "classifier",
};
const blockLayers: Readonly<Record<string, string>> = {
  _expand_conv: "expand.kernel",
  _bn0: "expand.norm",
  _depthwise_conv: "depthwise.kernel",
  _bn1: "depthwise.norm",
  _project_conv: "project.kernel",
  _bn2: "project.norm",
};
const normFields: Readonly<Record<string, string>> = {
  weight: "scale",
  bias: "offset",
  running_mean: "mean",
  running_var: "variance",
};

/** Unknown names are kept, so that the error can report them. */
function ourName(name: string): string {
  const match = /^(?:_blocks\.(\d+)\.)?(_\w+)\.(\w+)$/.exec(name);
  const [, block, layer = "", field = ""] = match ?? [];
  const ours = (block === undefined ? layers : blockLayers)[layer];
  if (ours === undefined) return name;
  const prefix = block === undefined ? "" : `blocks.${block}.`;
  if (ours.endsWith(".kernel")) return field === "weight" ? prefix + ours : name;
  if (ours === "classifier") return `classifier.${field === "weight" ? "kernel" : field}`;
  const ourField = normFields[field];
  return ourField === undefined ? name : `${prefix}${ours}.${ourField}`;
}

function ourLayout(name: string, tensor: StoredTensor): StoredTensor {
  if (tensor.shape.length === 4) {
    // [out, in, h, w] -> [h, w, in, out]; depthwise [c, 1, h, w] -> [h, w, c, 1].
    const order = name.endsWith("_depthwise_conv.weight") ? [2, 3, 0, 1] : [2, 3, 1, 0];
    return transpose(tensor, order);
  }
  return tensor.shape.length === 2 ? transpose(tensor, [1, 0]) : tensor;
}

/** The axes of `tensor` in the given order. */
function transpose({ shape, data }: StoredTensor, order: readonly number[]): StoredTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const newShape = order.map((axis) => shape[axis] ?? 1);
  const newStrides = order.map((axis) => strides[axis] ?? 1);
  const result = new Float32Array(data.length);
  const position = newShape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from] as number;
    // Increments the position like an odometer, the last axis fastest.
    for (let axis = newShape.length - 1; axis >= 0; axis--) {
      const [at = 0, size = 1, stride = 0] = [position[axis], newShape[axis], newStrides[axis]];
      from += stride;
      position[axis] = at + 1;
      if (at + 1 < size) break;
      from -= stride * size;
      position[axis] = 0;
    }
  }
  return { shape: newShape, data: result };
}
