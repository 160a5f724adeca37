import { Embedding, learnedPositions, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { TransformerConfig } from "./config.ts";

/** Positional encoding: added to the embeddings, or a rotation of queries and keys. */
export interface Positions extends Module {
  /**
   * Adds the encodings of positions `first`, `first + 1`, ... to `[..., steps, size]`; with `steps` 1, that of `first`
   * to `[rows, size]`.
   */
  add<T extends tf.Tensor>(input: T, first: number, steps?: number): T;
  /** False if {@link rotate} returns its input. */
  readonly rotates: boolean;
  /** Rotates queries or keys `[..., steps, size]` by their positions. */
  rotate<T extends tf.Tensor>(input: T, first: number): T;
}

type PositionsConfig = Pick<TransformerConfig, "positions" | "size" | "heads" | "maxPositions">;

export function createPositions(config: PositionsConfig, random: Random | undefined): Positions {
  if (config.positions === "rotary") return new RotaryPositions(config.size / config.heads);
  if (config.positions === "learned") return new LearnedPositions(config, random);
  return new SinusoidalPositions();
}

/** `sin` and `cos` with wavelengths from 2 pi to 10000 * 2 pi (Vaswani et al. 2017, section 3.5). */
export class SinusoidalPositions extends Module implements Positions {
  readonly rotates = false;

  add<T extends tf.Tensor>(input: T, first: number, steps = stepsOf(input)): T {
    return tf.add(input, waves(first, steps, input.shape.at(-1) ?? 0));
  }

  rotate<T extends tf.Tensor>(input: T): T {
    return input;
  }
}

/**
 * The positions of a square grid, row by row: half of a vector tells the row, half the column, by sinusoids (Carion et
 * al. 2020, appendix A.4).
 */
export class GridPositions extends Module implements Positions {
  readonly rotates = false;

  add<T extends tf.Tensor>(input: T): T {
    const [positions = 0, size = 0] = input.shape.slice(-2);
    const side = Math.ceil(Math.sqrt(positions));
    const along = waves(0, side, size / 2);
    const gather = (lineOf: (position: number) => number) => {
      const lines = Int32Array.from({ length: positions }, (_, position) => lineOf(position));
      return tf.gather(along, tf.tensor1d(lines, "int32"));
    };
    const rows = gather((position) => Math.floor(position / side));
    const columns = gather((position) => position % side);
    return tf.add(input, tf.concat([rows, columns], 1));
  }

  rotate<T extends tf.Tensor>(input: T): T {
    return input;
  }
}

/** A learned vector for each position. */
export class LearnedPositions extends Module implements Positions {
  readonly rotates = false;
  readonly table: Embedding;

  constructor(
    { maxPositions, size }: Pick<TransformerConfig, "maxPositions" | "size">,
    random: Random | undefined,
  ) {
    super();
    this.table = new Embedding(maxPositions, size, random);
  }

  add<T extends tf.Tensor>(input: T, first: number, steps = stepsOf(input)): T {
    return tf.add(input, learnedPositions(this.table, first, steps));
  }

  rotate<T extends tf.Tensor>(input: T): T {
    return input;
  }
}

/**
 * Rotates queries and keys by an angle proportional to the position, so that their product depends on
 * their distance (Su et al. 2021, eq. 34; pairs are half a head apart).
 */
class RotaryPositions extends Module implements Positions {
  readonly rotates = true;
  readonly #headSize: number;

  constructor(headSize: number) {
    super();
    this.#headSize = headSize;
  }

  add<T extends tf.Tensor>(input: T): T {
    return input;
  }

  rotate<T extends tf.Tensor>(input: T, first: number): T {
    const [steps = 0, size = 0] = input.shape.slice(-2);
    const half = this.#headSize / 2;
    return tf.tidy(() => {
      const { sin, cos } = sinusoids(first, steps, this.#headSize);
      const pairs = tf.reshape(input, [-1, steps, size / this.#headSize, 2, half]);
      const [left, right] = tf.unstack(pairs, 3) as [tf.Tensor4D, tf.Tensor4D]; // [rows, steps, heads, half]
      const rotated = tf.stack(
        [
          tf.sub(tf.mul(left, cos), tf.mul(right, sin)),
          tf.add(tf.mul(left, sin), tf.mul(right, cos)),
        ],
        3,
      );
      return tf.reshape(rotated, input.shape) as T;
    });
  }
}

function stepsOf(input: tf.Tensor): number {
  return input.shape.at(-2) ?? 0;
}

/** `[steps, size]`: halves instead of the paper's pairs, which are equivalent for the following product. */
function waves(first: number, steps: number, size: number): tf.Tensor2D {
  const values = new Float32Array(steps * size);
  eachAngle(first, steps, size, (step, i, angle) => {
    values[step * size + i] = Math.sin(angle);
    values[step * size + size / 2 + i] = Math.cos(angle);
  });
  return tf.tensor2d(values, [steps, size]);
}

/** `[steps, 1, size / 2]` each, for all heads. */
function sinusoids(first: number, steps: number, size: number) {
  const [sin, cos] = [new Float32Array((steps * size) / 2), new Float32Array((steps * size) / 2)];
  eachAngle(first, steps, size, (step, i, angle) => {
    sin[(step * size) / 2 + i] = Math.sin(angle);
    cos[(step * size) / 2 + i] = Math.cos(angle);
  });
  const shape: [number, number, number] = [steps, 1, size / 2];
  return { sin: tf.tensor3d(sin, shape), cos: tf.tensor3d(cos, shape) };
}

/** The angles `position / 10000^(2i / size)`. */
function eachAngle(
  first: number,
  steps: number,
  size: number,
  use: (step: number, i: number, angle: number) => void,
): void {
  for (let i = 0; i < size / 2; i++) {
    const length = 10000 ** ((2 * i) / size);
    for (let step = 0; step < steps; step++) use(step, i, (first + step) / length);
  }
}
