import {
  createRandom,
  denseProduct,
  fusedAttention,
  fusedConvolution,
  lstmStep,
  softmaxTopK,
  tf,
} from "../../../src/index.ts";

const random = createRandom(4);

/** Normally distributed numbers. */
export function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], scale = 1): tf.Tensor<R> {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor<R>(
    Float32Array.from({ length: size }, () => scale * random.normal()),
    shape,
  );
}

export interface ConvolutionCase {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outChannels: number;
  readonly size: number;
  readonly stride: number;
  readonly depthwise: boolean;
  readonly activation: "linear" | "relu" | "relu6";
}

/** A convolution's input, kernel and bias. */
export function convolutionInputs(o: ConvolutionCase): [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D] {
  const out = o.depthwise ? 1 : o.outChannels;
  return [
    normal<tf.Rank.R4>([o.batch, o.height, o.width, o.channels]),
    normal<tf.Rank.R4>([o.size, o.size, o.channels, out]),
    normal<tf.Rank.R1>([o.depthwise ? o.channels : out]),
  ];
}

/** The same by TensorFlow's own operations. */
export function plainConvolution(
  [input, kernel, bias]: [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D],
  { stride, depthwise, activation }: ConvolutionCase,
): tf.Tensor {
  const convolved = depthwise
    ? tf.depthwiseConv2d(input, kernel, stride, "same")
    : tf.conv2d(input, kernel, stride, "same");
  const sum = tf.add(convolved, bias);
  return activation === "linear" ? sum : activation === "relu" ? tf.relu(sum) : tf.relu6(sum);
}

export function plainAttention(
  queries: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  memoryIndices: tf.Tensor1D,
) {
  const scores = tf.matMul(tf.expandDims(queries, 1), tf.gather(keys, memoryIndices), false, true);
  const weights = tf.softmax(scores);
  const context = tf.matMul(weights, tf.gather(values, memoryIndices));
  return { context: tf.squeeze(context, [1]), weights: tf.squeeze(weights, [1]) };
}

const sizes = { batch: 2, height: 7, width: 6, channels: 37, outChannels: 75, size: 3, stride: 2 };

/** The results of each kernel, or without kernels of the composed operations, on fixed numbers. */
export function inferenceResults(): tf.Tensor[] {
  const cases = [false, true].map(
    (depthwise) => ({ ...sizes, depthwise, activation: "relu6" }) as const,
  );
  const convolutions = cases.map((each) => {
    const inputs = convolutionInputs(each);
    return fusedConvolution(...inputs, each) ?? plainConvolution(inputs, each);
  });
  const [x, weights] = [normal<tf.Rank.R2>([5, 301]), normal<tf.Rank.R2>([301, 233], 0.1)];
  const table = normal<tf.Rank.R2>([233, 301], 0.1);
  const lstm = {
    kernel: normal<tf.Rank.R2>([301 + 45, 180], 0.1),
    bias: normal<tf.Rank.R1>([180]),
  };
  const state = { h: normal<tf.Rank.R2>([5, 45]), c: normal<tf.Rank.R2>([5, 45]) };
  const queries = normal<tf.Rank.R2>([5, 40], 0.3);
  const memory = [normal<tf.Rank.R3>([2, 9, 40]), normal<tf.Rank.R3>([2, 9, 33])] as const;
  const memoryIndices = tf.tensor1d([0, 1, 1, 0, 1], "int32");
  const attended =
    fusedAttention(queries, ...memory, memoryIndices) ??
    plainAttention(queries, ...memory, memoryIndices);
  const best = softmaxTopK(normal<tf.Rank.R2>([4, 50]), normal<tf.Rank.R1>([50]), 7);
  return [
    ...convolutions,
    denseProduct(x, weights),
    ...(["gelu", "tanh", "sigmoid"] as const).map((activation) =>
      denseProduct(x, weights, { activation }),
    ),
    denseProduct(x, table, { transposed: true }),
    ...Object.values(lstmStep(x, state, lstm)),
    ...Object.values(attended),
    ...Object.values(best),
  ];
}
