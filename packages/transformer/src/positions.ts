import { Embedding, learnedPositions, Module } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { TransformerConfig } from "./config.ts";

/** How a token's place is told to the model. */
export interface Positions extends Module {
  /** Adds what tells the places `first`, `first + 1`, ... to `[..., steps, size]`. */
  add<T extends tf.Tensor>(input: T, first: number): T;
  /** Whether it turns anything. */
  readonly turns: boolean;
  /** Turns queries or keys `[..., steps, size]` by their places. */
  turn<T extends tf.Tensor>(input: T, first: number): T;
}

export function createPositions(config: TransformerConfig, random: Random | undefined): Positions {
  if (config.positions === "rotary") return new RotaryPositions(config.size / config.heads);
  if (config.positions === "learned") return new LearnedPositions(config, random);
  return new SinusoidalPositions();
}

/** `sin` and `cos` of the place, of wave lengths from 2 pi to 10000 * 2 pi (Vaswani et al. 2017, section 3.5). */
class SinusoidalPositions extends Module implements Positions {
  readonly turns = false;

  add<T extends tf.Tensor>(input: T, first: number): T {
    const [steps = 0, size = 0] = input.shape.slice(-2);
    // Halves, where the paper has pairs: the same to a product.
    const values = new Float32Array(steps * size);
    eachWave(first, steps, size, (step, i, angle) => {
      values[step * size + i] = Math.sin(angle);
      values[step * size + size / 2 + i] = Math.cos(angle);
    });
    return tf.add(input, tf.tensor2d(values, [steps, size]));
  }

  turn<T extends tf.Tensor>(input: T): T {
    return input;
  }
}

/** A vector for each place, learnt. */
class LearnedPositions extends Module implements Positions {
  readonly turns = false;
  readonly table: Embedding;

  constructor({ maxPositions, size }: TransformerConfig, random: Random | undefined) {
    super();
    this.table = new Embedding(maxPositions, size, random);
  }

  add<T extends tf.Tensor>(input: T, first: number): T {
    const [steps = 0] = input.shape.slice(-2);
    return tf.add(input, learnedPositions(this.table, first, steps));
  }

  turn<T extends tf.Tensor>(input: T): T {
    return input;
  }
}

/**
 * Queries and keys turned by an angle that grows with the place, so that their product depends on how far
 * apart they are (Su et al. 2021, eq. 34; pairs are half a head apart).
 */
class RotaryPositions extends Module implements Positions {
  readonly turns = true;
  readonly #headSize: number;

  constructor(headSize: number) {
    super();
    this.#headSize = headSize;
  }

  add<T extends tf.Tensor>(input: T): T {
    return input;
  }

  turn<T extends tf.Tensor>(input: T, first: number): T {
    const [steps = 0, size = 0] = input.shape.slice(-2);
    const half = this.#headSize / 2;
    return tf.tidy(() => {
      const { sin, cos } = waves(first, steps, this.#headSize);
      const pairs = tf.reshape(input, [-1, steps, size / this.#headSize, 2, half]);
      const [left, right] = tf.unstack(pairs, 3) as [tf.Tensor4D, tf.Tensor4D]; // [rows, steps, heads, half]
      const turned = tf.stack(
        [
          tf.sub(tf.mul(left, cos), tf.mul(right, sin)),
          tf.add(tf.mul(left, sin), tf.mul(right, cos)),
        ],
        3,
      );
      return tf.reshape(turned, input.shape) as T;
    });
  }
}

/** `[steps, 1, size / 2]` each, for every head. */
function waves(first: number, steps: number, size: number) {
  const [sin, cos] = [new Float32Array((steps * size) / 2), new Float32Array((steps * size) / 2)];
  eachWave(first, steps, size, (step, i, angle) => {
    sin[(step * size) / 2 + i] = Math.sin(angle);
    cos[(step * size) / 2 + i] = Math.cos(angle);
  });
  const shape: [number, number, number] = [steps, 1, size / 2];
  return { sin: tf.tensor3d(sin, shape), cos: tf.tensor3d(cos, shape) };
}

/** The angles `place / 10000^(2i / size)`. */
function eachWave(
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
