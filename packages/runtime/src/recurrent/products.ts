import { denseProduct, mostFewRows } from "../inference/dense.ts";
import { tf } from "../tf.ts";

/**
 * The weights applied to input and state: `[inputSize + units, gates * units]`, or its two parts,
 * for the input and for the state.
 */
export type RecurrentKernel = tf.Tensor2D | readonly [ofInput: tf.Tensor2D, ofState: tf.Tensor2D];

/** The kernel as given: one tensor or two. The fused loops use the last one. */
export function kernelTensors(kernel: RecurrentKernel): tf.Tensor2D[] {
  return kernel instanceof tf.Tensor ? [kernel] : [...kernel];
}

/** The kernel as one tensor. */
export function joined(kernel: RecurrentKernel): tf.Tensor2D {
  return kernel instanceof tf.Tensor ? kernel : tf.concat2d([...kernel], 0);
}

/** The part applied to the state, `[units, gates * units]`. */
export function statePart(kernel: RecurrentKernel, units: number): tf.Tensor2D {
  if (!(kernel instanceof tf.Tensor)) return kernel[1];
  return tf.slice(kernel, kernel.shape[0] - units, units);
}

/**
 * The input's contribution to the pre-activations of all steps: `[batch, steps, gates * units]`.
 */
export function inputSums(input: tf.Tensor3D, kernels: readonly tf.Tensor2D[]): tf.Tensor3D {
  const [batch, steps, inputSize] = input.shape;
  const kernel = inputPart(kernels, inputSize);
  if (batch * steps <= mostFewRows) return denseProduct(input, kernel);
  return tf.reshape(tf.matMul(rows(input), kernel), [batch, steps, -1]);
}

export interface ProductInputs {
  readonly input: tf.Tensor3D;
  /** The initial state, `[batch, units]`. */
  readonly h: tf.Tensor2D;
  /** The state after each step, `[batch, steps, units]`. */
  readonly hidden: tf.Tensor3D;
}

/**
 * The gradients of the input and of each kernel tensor, with one product each for the entire
 * sequence.
 *
 * @param dSums the gradient of the result of {@link inputSums}
 * @param dProduct the gradient of the products with the state, if it differs
 */
export function productGradients(
  { input, h, hidden }: ProductInputs,
  kernels: readonly tf.Tensor2D[],
  dSums: tf.Tensor3D,
  dProduct: tf.Tensor3D = dSums,
): { dInput: tf.Tensor; dKernels: tf.Tensor[] } {
  const inputSize = input.shape[2];
  const ofInput = inputPart(kernels, inputSize);
  const dInput = tf.reshape(tf.matMul(rows(dSums), ofInput, false, true), input.shape);
  const earlier = tf.slice(hidden, [0, 0, 0], [-1, hidden.shape[1] - 1, -1]);
  const before: tf.Tensor3D = tf.concat([tf.expandDims(h, 1), earlier], 1);
  if (kernels.length === 1 && dProduct === dSums) {
    const operands: tf.Tensor3D = tf.concat([input, before], 2);
    return { dInput, dKernels: [tf.matMul(rows(operands), rows(dSums), true, false)] };
  }
  const parts: tf.Tensor2D[] = [
    tf.matMul(rows(input), rows(dSums), true, false),
    tf.matMul(rows(before), rows(dProduct), true, false),
  ];
  return { dInput, dKernels: kernels.length === 1 ? [tf.concat2d(parts, 0)] : parts };
}

function inputPart([kernel]: readonly tf.Tensor2D[], inputSize: number): tf.Tensor2D {
  if (kernel === undefined) throw new RangeError("no kernel");
  return kernel.shape[0] === inputSize ? kernel : tf.slice(kernel, 0, inputSize);
}

function rows(sequence: tf.Tensor3D): tf.Tensor2D {
  const [batch, steps, size] = sequence.shape;
  return tf.reshape(sequence, [batch * steps, size]);
}
