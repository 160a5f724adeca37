import { tf } from "../tf.ts";
import type { Kernel } from "./register.ts";

interface Inputs {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
}

type Attributes = Pick<tf.BatchMatMulAttrs, "transposeA" | "transposeB">;

/**
 * Makes a matrix product transpose its operands first: the wasm backend uses XNNPACK only for
 * products without transposition, and otherwise takes ten times as long (scripts/wasm-speed.ts).
 * Gradients of products always transpose. Batches of matrices never use XNNPACK and stay unchanged.
 */
export function transposeFirst(matMul: Kernel<Inputs, Attributes>): Kernel<Inputs, Attributes> {
  return (call) => {
    const { a, b } = call.inputs;
    const { transposeA, transposeB } = call.attrs;
    if (!(transposeA || transposeB) || isBatch(a) || isBatch(b)) return matMul(call);
    const left = transposeA ? transposeMatrix(a) : a;
    const right = transposeB ? transposeMatrix(b) : b;
    const result = matMul({
      ...call,
      inputs: { ...call.inputs, a: left, b: right },
      attrs: { ...call.attrs, transposeA: false, transposeB: false },
    });
    if (left !== a) left.dispose();
    if (right !== b) right.dispose();
    return result;
  };
}

function isBatch(matrices: tf.Tensor): boolean {
  return tf.util.sizeFromShape(matrices.shape.slice(0, -2)) > 1;
}

function transposeMatrix(matrix: tf.Tensor): tf.Tensor {
  const axes = matrix.shape.map((_, axis) => axis);
  return tf.transpose(matrix, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
}
