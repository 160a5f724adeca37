import { type Attribute, nativeKernel } from "../kernels.ts";
import { tf } from "../tf.ts";

type Call = Parameters<tf.KernelFunc>[0];

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
    kernelFunc: (call) => (isGradientProduct(call) ? ownProduct(call) : original(call)),
  });
}

function isGradientProduct(call: Call): boolean {
  const { a, b, transposeA, transposeB } = operands(call);
  const areMatrices = [a, b].every(({ shape, dtype }) => shape.length === 2 && dtype === "float32");
  if (!areMatrices || transposeA === transposeB) return false;
  const [depth = 0, columns = 0] = [a.shape[1], b.shape[1]];
  return transposeA ? columns <= mostColumns : depth >= leastDepth;
}

function ownProduct(call: Call): tf.Tensor {
  const { a, b, transposeA, transposeB } = operands(call);
  const flag = (name: string, value: boolean): Attribute => ({
    name,
    type: "int",
    value: Number(value),
  });
  const attributes = [flag("transpose_a", transposeA), flag("transpose_b", transposeB)];
  return nativeKernel("AttendMatrixProduct", attributes, [a, b]);
}

function operands({ inputs, attrs }: Call) {
  const { a, b } = inputs;
  if (a === undefined || b === undefined) throw new TypeError("a product has two matrices");
  return {
    a,
    b,
    transposeA: attrs?.["transposeA"] === true,
    transposeB: attrs?.["transposeB"] === true,
  };
}
