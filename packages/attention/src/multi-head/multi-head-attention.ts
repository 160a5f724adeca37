import { Linear, Module, uniformTensor } from "@attend/nn";
import { AttendError, multiHeadAttention, type Random, slotAttention, tf } from "@attend/runtime";

/** Sizes of {@link MultiHeadAttention}. */
export interface MultiHeadConfig {
  /** Size of queries and output. */
  readonly size: number;
  /** Default: `size`. */
  readonly memorySize?: number;
  /** Must divide `size`. */
  readonly heads: number;
  /** Dropout rate of the attention weights. Default 0. */
  readonly dropout?: number;
}

/** Masks and dropout. */
export interface MultiHeadOptions {
  /** `[rows]` int32: positions past a row's length are ignored. Default: no padding. */
  readonly lengths?: tf.Tensor1D | undefined;
  /** Query i attends only to positions up to i. */
  readonly causal?: boolean;
  /** Enables dropout. */
  readonly random?: Random | undefined;
}

/**
 * Multi-head attention (Vaswani et al. 2017, section 3.2.2): self-attention if queries and memory are
 * the same sequence, else cross-attention.
 *
 * Keys and values are one tensor, the projected memory. For cross-attention it is computed once; a
 * decoder's self-attention appends to it at each step.
 */
export class MultiHeadAttention extends Module {
  readonly heads: number;
  readonly #dropout: number;
  readonly query: Linear;
  /** Projects to keys and values, concatenated. */
  readonly memory: Linear;
  readonly output: Linear;

  /** @throws AttendError BAD_CONFIG if the heads do not divide the size */
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
   * @param queries `[rows, queries, size]`, from {@link query}
   * @param memory `[rows, positions, 2 size]`, from {@link project}
   * @returns `output` `[rows, queries, size]`, `weights` `[rows, heads, queries, positions]`, before
   *   dropout; they sum to 1 over the valid positions
   */
  attend(
    queries: tf.Tensor3D,
    memory: tf.Tensor3D,
    { lengths, causal, random }: MultiHeadOptions = {},
  ): { output: tf.Tensor3D; weights: tf.Tensor4D } {
    const [rows, count] = queries.shape;
    const dropoutMask = this.#dropoutMask([rows, this.heads, count, memory.shape[1]], random);
    const options = { heads: this.heads, lengths, causal, dropoutMask };
    const { context, weights } = multiHeadAttention({ queries, memory }, options);
    return { output: this.output.forward(context), weights };
  }

  /**
   * One query per row, not differentiable.
   *
   * @param queries `[rows, size]`, from {@link query}
   * @param memory `[slots, 2 size]`, from {@link project}
   * @param slots `[rows, positions]` int32: the slots that a row attends to, padded at the end with -1
   * @returns `output` `[rows, size]`, `weights` `[rows, heads, positions]`
   */
  step(queries: tf.Tensor2D, memory: tf.Tensor2D, slots: tf.Tensor2D) {
    const { context, weights } = slotAttention(queries, memory, slots, this.heads);
    return { output: this.output.forward(context), weights };
  }

  #dropoutMask(shape: [number, number, number, number], random: Random | undefined) {
    const rate = this.#dropout;
    if (random === undefined || rate === 0) return undefined;
    const kept = tf.cast(tf.greaterEqual(uniformTensor(shape, random), rate), "float32");
    return tf.mul<tf.Tensor4D>(kept, 1 / (1 - rate));
  }
}
