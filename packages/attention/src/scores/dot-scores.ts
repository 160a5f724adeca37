import { Linear } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import { Score, type ScoreSizes } from "./score.ts";

abstract class DotProductScore extends Score {
  readonly vector = undefined;

  compare(projected: tf.Tensor3D, keys: tf.Tensor3D): tf.Tensor3D {
    return tf.matMul(projected, keys, false, true);
  }
}

/**
 * `q W_q (k W_k)^T / sqrt(size)`: the scaled dot product of projections (Vaswani et al. 2017, eq. 1).
 * Configurations call it `"scaled-dot"` or, in shipped models, `"dot"`.
 */
export class DotScore extends DotProductScore {
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
}

/** `q k^T`, without parameters (Luong et al. 2015, eq. 8, "dot"). */
export class PlainDotScore extends DotProductScore {
  readonly query = undefined;

  /** @throws AttendError BAD_ARGUMENT unless query and memory have the same size */
  constructor({ querySize, memorySize }: Omit<ScoreSizes, "size">) {
    super();
    if (querySize !== memorySize) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `the plain dot score has a query size of ${querySize} and a memory size of ${memorySize}; make them equal, or use "general"`,
      );
    }
  }

  projectMemory(memory: tf.Tensor3D): tf.Tensor3D {
    return memory;
  }
}

/** `q W k^T` (Luong et al. 2015, eq. 8, "general"). */
export class GeneralScore extends DotProductScore {
  readonly query = undefined;
  readonly memory: Linear;

  constructor({ querySize, memorySize }: Omit<ScoreSizes, "size">, random: Random | undefined) {
    super();
    // Applied to the memory: once per sequence instead of once per query.
    this.memory = new Linear(memorySize, querySize, random, { bias: false });
  }

  projectMemory(memory: tf.Tensor3D): tf.Tensor3D {
    return this.memory.forward(memory);
  }
}
