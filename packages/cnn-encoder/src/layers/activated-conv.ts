import {
  type Attribute,
  customGradient,
  floatType,
  fusedConvolution,
  isNative,
  isRecording,
  nativeKernel,
  tf,
} from "@attend/runtime";

export type Activation = "relu" | "relu6" | "linear";

export interface ConvGeometry {
  readonly stride: number;
  /** True: one filter per channel, kernel `[k, k, channels, 1]`. */
  readonly depthwise: boolean;
  readonly activation: Activation;
}

/**
 * Convolution with 'same' padding (TensorFlow's: the odd pixel at the bottom right), bias and
 * activation as one differentiable operation, which keeps only its input, kernel and output for the
 * backward pass.
 *
 * @param input `[batch, height, width, channels]`
 * @param kernel `[k, k, channels, outChannels]`, depthwise `[k, k, channels, 1]`
 * @param bias `[outChannels]`
 */
export function activatedConv(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const forward = isNative() ? nativeForward : wasmForward;
  if (!isRecording()) return forward(input, kernel, bias, geometry);
  return customGradient<tf.Tensor4D>(
    [input, kernel, bias],
    () => {
      const value = forward(input, kernel, bias, geometry);
      return { value, saved: [input, kernel, value] };
    },
    (dy, saved) => {
      const [x, w, y] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const dSum = activationGradient(dy, y, geometry.activation);
      return [...convGradients(dSum, x, w, geometry), sumOverPixels(dSum)];
    },
  );
}

/** Without bias and activation, for a subsequent batch norm. */
export function plainConv(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, depthwise }: ConvGeometry,
): tf.Tensor4D {
  return depthwise
    ? tf.depthwiseConv2d(input, kernel, stride, "same")
    : tf.conv2d(input, kernel, stride, "same");
}

export function activate(input: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  if (activation === "linear") return input;
  return activation === "relu" ? tf.relu(input) : tf.relu6(input);
}

/** Uses our own kernel, or else three operations: the binding cannot call TensorFlow's fused ones. */
function nativeForward(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  geometry: ConvGeometry,
): tf.Tensor4D {
  const fused = fusedConvolution(input, kernel, bias, geometry);
  if (fused !== undefined) return fused;
  const { stride, depthwise, activation } = geometry;
  const attributes: Attribute[] = [
    floatType,
    { name: "strides", type: "int", value: [1, stride, stride, 1] },
    { name: "padding", type: "string", value: "SAME" },
  ];
  const name = depthwise ? "DepthwiseConv2dNative" : "Conv2D";
  const convolved = nativeKernel(name, attributes, [input, kernel]);
  const sum = nativeKernel("BiasAdd", [floatType], [convolved, bias]);
  convolved.dispose();
  if (activation === "linear") return sum as tf.Tensor4D;
  const value = nativeKernel(activation === "relu" ? "Relu" : "Relu6", [floatType], [sum]);
  sum.dispose();
  return value as tf.Tensor4D;
}

function wasmForward(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  { stride, depthwise, activation }: ConvGeometry,
): tf.Tensor4D {
  const options = { x, filter, strides: stride, pad: "same" as const, bias, activation };
  return depthwise ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
}

/** The gradient with respect to the activation's input, from its output `y`. */
function activationGradient(dy: tf.Tensor4D, y: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  if (activation === "linear") return dy;
  if (isNative()) {
    const name = activation === "relu" ? "ReluGrad" : "Relu6Grad";
    return nativeKernel(name, [floatType], [dy, y]) as tf.Tensor4D;
  }
  const positive = tf.greater(y, 0);
  const active = activation === "relu" ? positive : tf.logicalAnd(positive, tf.less(y, 6));
  return tf.mul(dy, tf.cast(active, "float32"));
}

function sumOverPixels(dy: tf.Tensor4D): tf.Tensor {
  return isNative() ? nativeKernel("BiasAddGrad", [floatType], [dy]) : tf.sum(dy, [0, 1, 2]);
}

function convGradients(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, depthwise }: ConvGeometry,
): [dInput: tf.Tensor, dKernel: tf.Tensor] {
  const engine = tf.engine();
  const shared = { strides: stride, pad: "same", dilations: 1 };
  if (depthwise) {
    return [
      engine.runKernel(
        tf.DepthwiseConv2dNativeBackpropInput,
        { dy, filter },
        { ...shared, inputShape: x.shape },
      ),
      engine.runKernel(
        tf.DepthwiseConv2dNativeBackpropFilter,
        { x, dy },
        { ...shared, filterShape: filter.shape },
      ),
    ] as [tf.Tensor, tf.Tensor];
  }
  const attributes = { ...shared, dataFormat: "NHWC" };
  return [
    engine.runKernel(
      tf.Conv2DBackpropInput,
      { dy, filter },
      { ...attributes, inputShape: x.shape },
    ),
    engine.runKernel(
      tf.Conv2DBackpropFilter,
      { x, dy },
      { ...attributes, filterShape: filter.shape },
    ),
  ] as [tf.Tensor, tf.Tensor];
}
