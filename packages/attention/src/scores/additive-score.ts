import { Linear, type Parameter, parameter, uniform } from "@attend/nn";
import {
  customGradient,
  floatType,
  isNative,
  nativeKernel,
  type Random,
  tf,
} from "@attend/runtime";
import { Score, type ScoreSizes } from "./score.ts";

/**
 * `v^T tanh(q W_q + k W_k + b)`: the additive score (Bahdanau et al. 2015, appendix A.1.2; "concat" in
 * Luong et al. 2015, eq. 8). It creates a tensor `[batch, queries, positions, size]`, which is
 * expensive if all queries are scored at once.
 */
export class AdditiveScore extends Score {
  readonly query: Linear;
  readonly memory: Linear;
  /** `[size, 1]` */
  readonly vector: Parameter<tf.Rank.R2>;

  constructor({ querySize, memorySize, size }: ScoreSizes, random: Random | undefined) {
    super();
    this.query = new Linear(querySize, size, random, { bias: false });
    this.memory = new Linear(memorySize, size, random);
    this.vector = parameter(uniform(random, Math.sqrt(3 / size))<tf.Rank.R2>([size, 1]));
  }

  projectMemory(memory: tf.Tensor3D): tf.Tensor3D {
    return this.memory.forward(memory);
  }

  compare(projected: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D {
    return tanhProduct(projected, keys, this.vector);
  }
}

/**
 * `v^T tanh(q + k)` of every query `[batch, queries, size]` and key `[batch, positions, size]`. The
 * custom gradient makes half as many passes over the large tensor as the derived one.
 */
function tanhProduct(query: tf.Tensor3D, keys: tf.Tensor3D, vector: tf.Tensor2D): tf.Tensor3D {
  const [batch, queries, size] = query.shape;
  const positions = keys.shape[1];
  const count = batch * queries * positions;
  return customGradient<tf.Tensor3D>(
    [query, keys, vector],
    () => {
      const sums: tf.Tensor =
        queries === 1
          ? tf.add(keys, query)
          : tf.add(tf.expandDims(query, 2), tf.expandDims(keys, 1));
      const joined = tf.reshape<tf.Rank.R2>(tf.tanh(sums), [count, size]);
      const value = tf.reshape<tf.Rank.R3>(tf.matMul(joined, vector), [batch, queries, positions]);
      return { value, saved: [joined, vector] };
    },
    (dy, [joined, v]) => {
      const flat = tf.reshape<tf.Rank.R2>(dy, [count, 1]);
      const dJoined = tf.mul(flat, tf.reshape(v as tf.Tensor, [1, size])); // [count, size]
      const dSums = tf.reshape(tanhGradient(joined as tf.Tensor, dJoined), [
        batch,
        queries,
        positions,
        size,
      ]);
      return [
        tf.sum(dSums, 2),
        queries === 1 ? tf.reshape(dSums, keys.shape) : tf.sum(dSums, 1),
        tf.matMul(joined as tf.Tensor2D, flat, true, false),
      ];
    },
  );
}

/** `dy (1 - y^2)` */
function tanhGradient(y: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return isNative()
    ? nativeKernel("TanhGrad", [floatType], [y, dy])
    : tf.mul(dy, tf.sub(1, tf.square(y)));
}
