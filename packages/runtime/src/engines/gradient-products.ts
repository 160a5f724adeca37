import { type Attribute, nativeKernel } from "../kernels.ts";
import { tf } from "../tf.ts";

/**
 * Where packing both matrices pays, as `pnpm --filter @attend/benchmarks products` shows: from this depth of `dy w^T`, up to
 * this many columns of `x^T dy`.
 */
const [leastDepth, mostColumns] = [1024, 2048];

/**
 * Lets our own kernel compute the products of gradients on the native engine: those of two matrices of which one is
 * transposed, where other implementations lose most. A layer `y = x w` has two, `dx = dy w^T` and `dw = x^T dy`; its
 * forward product stays TensorFlow's.
 */
export function useOwnGradientProducts(): void {
  const original = tf.getKernel(tf.BatchMatMul, "tensorflow").kernelFunc;
  tf.unregisterKernel(tf.BatchMatMul, "tensorflow");
  tf.registerKernel({
    kernelName: tf.BatchMatMul,
    backendName: "tensorflow",
    kernelFunc(call) {
      const { a, b } = call.inputs;
      if (a === undefined || b === undefined) throw new TypeError("a product has two matrices");
      const { transposeA, transposeB } = call.attrs ?? {};
      const operands = [a, b, transposeA === true, transposeB === true] as const;
      return isGradientProduct(...operands) ? ownProduct(...operands) : original(call);
    },
  });
}

/** The product of two float32 matrices, each of which may be transposed, by our own kernel. */
export function ownProduct(
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): tf.Tensor {
  const attributes: Attribute[] = [
    { name: "transpose_a", type: "int", value: Number(transposeA) },
    { name: "transpose_b", type: "int", value: Number(transposeB) },
  ];
  return nativeKernel("AttendMatrixProduct", attributes, [a, b]);
}

function isGradientProduct(
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): boolean {
  const areMatrices = [a, b].every(({ shape, dtype }) => shape.length === 2 && dtype === "float32");
  if (!areMatrices || transposeA === transposeB) return false;
  const [depth = 0, columns = 0] = [a.shape[1], b.shape[1]];
  return transposeA ? columns <= mostColumns : depth >= leastDepth;
}
