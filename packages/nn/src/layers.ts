import {
  type DenseOptions,
  denseProduct,
  fusedLayerNorm,
  packedWeights,
  type Random,
  takeRows,
  tf,
} from "@attend/runtime";
import { glorotUniform, type Initializer, normal, uniform } from "./initializers.ts";
import { Module, type Parameter, parameter } from "./module.ts";

/** `y = x W + b`; `[..., inputSize] -> [..., outputSize]`. */
export class Linear extends Module {
  /** `[inputSize, outputSize]` */
  readonly kernel: Parameter<tf.Rank.R2>;
  /** `[outputSize]`; absent with `bias: false`. */
  readonly bias: Parameter<tf.Rank.R1> | undefined;
  #packed = false;

  /** @param random without it the kernel is zero, for weights to be loaded */
  constructor(
    inputSize: number,
    outputSize: number,
    random: Random | undefined,
    options?: { bias?: boolean },
  ) {
    super();
    this.kernel = parameter(glorotUniform(random)<tf.Rank.R2>([inputSize, outputSize]));
    this.bias = options?.bias === false ? undefined : parameter(tf.zeros<tf.Rank.R1>([outputSize]));
  }

  /**
   * `f(x W + b)`.
   *
   * @param input `[..., inputSize]`
   * @param options.activation f; default: none
   * @returns `[..., outputSize]`; the caller, or the `tf.tidy` around it, owns it
   */
  forward<T extends tf.Tensor>(input: T, options?: Pick<DenseOptions, "activation">): T {
    return denseProduct(input, this.kernel, { ...options, bias: this.bias, packed: this.#packed });
  }

  /**
   * Stores the kernel in the order in which products read it, if the engine can, which makes those of ten rows twice as
   * fast. Afterwards it can be neither trained nor saved.
   */
  pack(): void {
    const packed = this.#packed ? undefined : packedWeights(this.kernel);
    if (packed === undefined) return;
    this.kernel.assign(packed);
    packed.dispose();
    this.#packed = true;
  }
}

/** Rows of a table by id; `[...ids] -> [...ids, size]`. */
export class Embedding extends Module {
  /** `[count, size]` */
  readonly table: Parameter<tf.Rank.R2>;

  /**
   * @param random without it the table is zero, for weights to be loaded
   * @param options.initializer by default uniform in [-0.1, 0.1)
   */
  constructor(
    count: number,
    size: number,
    random: Random | undefined,
    options?: { initializer?: Initializer },
  ) {
    super();
    const initializer = options?.initializer ?? uniform(random, 0.1);
    this.table = parameter(initializer<tf.Rank.R2>([count, size]));
  }

  /**
   * Looks up the rows of ids, `[...] -> [..., size]`.
   *
   * @param ids int32
   */
  forward(ids: tf.Tensor): tf.Tensor {
    return takeRows(this.table, ids);
  }

  /**
   * The table as the output layer, `x E^T + b` (Press & Wolf 2017); `[rows, size] -> [rows, count]`.
   *
   * @param bias `[count]`
   * @returns the caller, or the `tf.tidy` around it, owns it
   */
  logits(features: tf.Tensor2D, bias: tf.Tensor1D | undefined): tf.Tensor2D {
    return denseProduct(features, this.table, { bias, transposed: true });
  }
}

/**
 * An embedding whose rows have an initial norm of 1 and are scaled by sqrt(size) on lookup: the output has
 * standard deviation 1, and an output layer that shares the table starts with small logits (Vaswani et al.
 * 2017, section 3.4).
 */
export class ScaledEmbedding extends Embedding {
  constructor(count: number, size: number, random: Random | undefined) {
    super(count, size, random, { initializer: normal(random, size ** -0.5) });
  }

  override forward(ids: tf.Tensor): tf.Tensor {
    return tf.mul(super.forward(ids), Math.sqrt(this.table.shape[1]));
  }
}

/** Layer normalization over the last axis (Ba et al. 2016). */
export class LayerNorm extends Module {
  /** `[size]` */
  readonly scale: Parameter<tf.Rank.R1>;
  /** `[size]` */
  readonly offset: Parameter<tf.Rank.R1>;
  readonly epsilon: number;

  constructor(size: number, options?: { epsilon?: number | undefined }) {
    super();
    this.scale = parameter(tf.ones<tf.Rank.R1>([size]));
    this.offset = parameter(tf.zeros<tf.Rank.R1>([size]));
    this.epsilon = options?.epsilon ?? 1e-5;
  }

  /** Normalizes the last axis to mean 0 and deviation 1, then scales and shifts it; keeps the shape. */
  forward<T extends tf.Tensor>(input: T): T {
    const fused = fusedLayerNorm(input, this.scale, this.offset, this.epsilon);
    if (fused !== undefined) return fused;
    const { mean, variance } = tf.moments(input, -1, true);
    const normalized = tf.mul(tf.sub(input, mean), tf.rsqrt(tf.add(variance, this.epsilon)));
    return tf.add(tf.mul(normalized, this.scale), this.offset);
  }
}
