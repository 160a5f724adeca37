import { Linear, Module, type Parameter, parameter, uniform } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";

/**
 * How well a query fits each position. What depends on the memory alone is projected once a sequence,
 * so that a step costs only what depends on its query.
 */
export interface Score extends Module {
  /** `[batch, positions, memorySize] -> [batch, positions, size]` */
  projectMemory(memory: tf.Tensor3D): tf.Tensor3D;
  /** `[batch, queries, querySize]` and projected keys `-> [batch, queries, positions]` */
  logits(query: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D;
}

export interface ScoreSizes {
  readonly querySize: number;
  readonly memorySize: number;
  /** Size of the space in which query and memory meet. */
  readonly size: number;
}

/** `q W_q (k W_k)^T / sqrt(size)`: scaled dot product (Luong et al. 2015; Vaswani et al. 2017, eq. 1). */
export class DotScore extends Module implements Score {
  readonly query: Linear;
  readonly memory: Linear;
  readonly #scale: number;

  constructor({ querySize, memorySize, size }: ScoreSizes, random: Random | undefined) {
    super();
    this.query = new Linear(querySize, size, random, { bias: false });
    this.memory = new Linear(memorySize, size, random, { bias: false });
    this.#scale = 1 / Math.sqrt(size);
  }

  projectMemory(memory: tf.Tensor3D): tf.Tensor3D {
    return tf.mul(this.memory.forward(memory), this.#scale);
  }

  logits(query: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D {
    return tf.matMul(this.query.forward(query), keys, false, true);
  }
}

/**
 * `v^T tanh(q W_q + k W_k + b)`: additive (Bahdanau et al. 2015, appendix A.1.2). It makes a tensor
 * `[batch, queries, positions, size]`: dear where all queries are scored at once.
 */
export class AdditiveScore extends Module implements Score {
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

  logits(query: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D {
    const [batch, queries] = query.shape;
    const [, positions, size] = keys.shape;
    const joined = tf.tanh(
      tf.add(tf.expandDims(this.query.forward(query), 2), tf.expandDims(keys, 1)),
    ); // [batch, queries, positions, size]
    const flat: tf.Tensor2D = tf.reshape(joined, [batch * queries * positions, size]);
    return tf.reshape(tf.matMul(flat, this.vector), [batch, queries, positions]);
  }
}

export type ScoreName = "dot" | "additive";

export function createScore(name: ScoreName, sizes: ScoreSizes, random: Random | undefined): Score {
  return name === "dot" ? new DotScore(sizes, random) : new AdditiveScore(sizes, random);
}
