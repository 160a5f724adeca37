import { tf } from "@attend/runtime";

/**
 * The gated tanh (Teney et al. 2018): `tanh(x W + b) * sigmoid(x W' + b')`, of both products
 * side by side, `[..., 2 size] -> [..., size]`.
 */
export function gatedTanh<T extends tf.Tensor>(products: T): T {
  const [value, gate] = tf.split(products, 2, products.rank - 1) as [T, T];
  return tf.mul(tf.tanh(value), tf.sigmoid(gate));
}
