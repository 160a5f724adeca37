import { Linear, Module, uniformTensor } from "@attend/nn";
import { AttendError, multiHeadAttention, type Random, slotAttention, tf } from "@attend/runtime";

/** Sizes of {@link MultiHeadAttention}. */
export interface MultiHeadConfig {
  /** Of what comes in and of what goes out. */
  readonly size: number;
  /** Of what is looked at; by default `size`. */
  readonly memorySize?: number;
  /** Divides `size`. */
  readonly heads: number;
  /** Of the attention weights. */
  readonly dropout?: number;
}

/** Which positions take part, and whether this is training. */
export interface MultiHeadOptions {
  /** `[rows]` int32: only so many positions of a row take part. */
  readonly lengths?: tf.Tensor1D | undefined;
  /** Query i looks at the positions up to i. */
  readonly causal?: boolean;
  /** Switches dropout on. */
  readonly random?: Random | undefined;
}

/**
 * Several attentions side by side, each in a space of its own (Vaswani et al. 2017, section 3.2.2):
 * self-attention where queries and memory are the same, cross-attention where they are not.
 *
 * Keys and values are one tensor, the memory projected: made once for what is looked at often, and step by
 * step, behind one another, where a decoder looks at what it has said.
 */
export class MultiHeadAttention extends Module {
  readonly heads: number;
  readonly #dropout: number;
  readonly query: Linear;
  /** To keys and values, side by side. */
  readonly memory: Linear;
  readonly output: Linear;

  /** @throws AttendError BAD_CONFIG where the heads do not divide the size */
  constructor(config: MultiHeadConfig, random?: Random) {
    super();
    const { size, memorySize = size, heads, dropout = 0 } = config;
    if (size % heads !== 0) {
      const message = `${heads} heads do not divide a size of ${size}; choose a number that does`;
      throw new AttendError("BAD_CONFIG", message);
    }
    this.heads = heads;
    this.#dropout = dropout;
    this.query = new Linear(size, size, random);
    this.memory = new Linear(memorySize, 2 * size, random);
    this.output = new Linear(size, size, random);
  }

  /** Keys and values: `[..., memorySize] -> [..., 2 size]`. */
  project<T extends tf.Tensor>(memory: T): T {
    return this.memory.forward(memory);
  }

  /**
   * @param queries `[rows, queries, size]`, by {@link query}
   * @param memory `[rows, positions, 2 size]`, by {@link project}
   * @returns `output` `[rows, queries, size]`, `weights` `[rows, heads, queries, positions]`, before dropout;
   *   they sum to 1 over what may be looked at
   */
  attend(
    queries: tf.Tensor3D,
    memory: tf.Tensor3D,
    { lengths, causal, random }: MultiHeadOptions = {},
  ): { output: tf.Tensor3D; weights: tf.Tensor4D } {
    const [rows, count] = queries.shape;
    const dropoutMask = this.#kept([rows, this.heads, count, memory.shape[1]], random);
    const options = { heads: this.heads, lengths, causal, dropoutMask };
    const { context, weights } = multiHeadAttention({ queries, memory }, options);
    return { output: this.output.forward(context), weights };
  }

  /**
   * One query a row, without a gradient.
   *
   * @param queries `[rows, size]`, by {@link query}
   * @param memory `[slots, 2 size]`, by {@link project}
   * @param places `[rows, positions]` int32: the slots that a row looks at, -1 for none
   * @returns `output` `[rows, size]`, `weights` `[rows, heads, positions]`
   */
  step(queries: tf.Tensor2D, memory: tf.Tensor2D, places: tf.Tensor2D) {
    const { context, weights } = slotAttention(queries, memory, places, this.heads);
    return { output: this.output.forward(context), weights };
  }

  #kept(shape: [number, number, number, number], random: Random | undefined) {
    const rate = this.#dropout;
    if (random === undefined || rate === 0) return undefined;
    const drawn = uniformTensor(shape, random);
    const kept = tf.cast(tf.greaterEqual(drawn, rate), "float32");
    return tf.mul<tf.Tensor4D>(kept, 1 / (1 - rate));
  }
}
