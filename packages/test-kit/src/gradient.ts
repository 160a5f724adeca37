import { createRandom, type Random, tf } from "@attend/runtime";

export interface CheckGradientOptions {
  /** Seed of the directions, the random inputs and the weights of a non-scalar output; default 1. */
  readonly seed?: number;
  /** Step size of the central difference; default 2e-3, near the optimum for float32. */
  readonly epsilon?: number;
  /** Largest difference allowed, relative to a slope above 1; default 2e-3. */
  readonly tolerance?: number;
}

/** How many random directions are checked, and how many single entries of each tensor. */
const directions = 3;
const entries = 2;

/** One of the tensors that a scalar is differentiated with respect to. */
interface Part {
  readonly name: string;
  readonly values: Float32Array;
  readonly gradient: Float32Array;
}

/** For each part, how far each entry moves. */
type Direction = readonly Float32Array[];

/**
 * Fails unless the engine's gradient of `f` agrees with central differences `(f(x + ev) - f(x - ev)) / 2e`
 * along a few random directions `v` of ±1 over all inputs, and along a few single entries of each input. An
 * entry of `v` is never small, so that a direction finds a single wrong entry. A non-scalar output is reduced
 * by a sum with fixed random weights, so that errors do not cancel.
 *
 * @param inputs tensors, which the caller disposes, or shapes to fill with seeded standard normal numbers
 */
export function checkGradient(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly (readonly number[] | tf.Tensor)[],
  options: CheckGradientOptions = {},
): void {
  const random = createRandom(options.seed ?? 1);
  const normal = (shape: readonly number[]): tf.Tensor => {
    const size = shape.reduce((product, length) => product * length, 1);
    return tf.tensor(Float32Array.from({ length: size }, random.normal), [...shape]);
  };
  tf.tidy(() => {
    const points = inputs.map((input) => (input instanceof tf.Tensor ? input : normal(input)));
    const outputShape = f(...points).shape;
    const weights = outputShape.length === 0 ? tf.scalar(1) : normal(outputShape);
    const loss = (...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), weights));
    const gradients = tf.grads(loss)(points);
    const parts = points.map((point, i) => partOf(`input ${i}`, point, gradients[i]));
    const at = (moved: Direction) =>
      tf.tidy(() => {
        const xs = moved.map((values, i) => tf.tensor(values, points[i]?.shape));
        return loss(...xs).dataSync()[0] ?? Number.NaN;
      });
    checkParts(parts, at, random, options);
  });
}

/**
 * Like {@link checkGradient}, with respect to the variables that `f` reads, such as
 * `module.namedParameters()`. A non-scalar output is summed. The variables' values are restored.
 */
export function checkVariableGradients(
  f: () => tf.Tensor,
  variables: ReadonlyMap<string, tf.Variable>,
  options: CheckGradientOptions = {},
): void {
  if (variables.size === 0) return;
  const loss = () => tf.sum(f()) as tf.Scalar;
  tf.tidy(() => {
    const all = [...variables.values()];
    const { grads } = tf.variableGrads(loss, all);
    const parts = [...variables].map(([name, variable]) =>
      partOf(name, variable, grads[variable.name]),
    );
    const assign = (moved: Direction) => {
      for (const [i, variable] of all.entries()) {
        const value = tf.tensor(moved[i] ?? [], variable.shape);
        variable.assign(value);
      }
    };
    const at = (moved: Direction) =>
      tf.tidy(() => {
        assign(moved);
        return loss().dataSync()[0] ?? Number.NaN;
      });
    try {
      checkParts(parts, at, createRandom(options.seed ?? 1), options);
    } finally {
      assign(parts.map(({ values }) => values));
    }
  });
}

/** A missing gradient counts as zero. */
function partOf(name: string, point: tf.Tensor, gradient?: tf.Tensor | null): Part {
  if (gradient && gradient.shape.join() !== point.shape.join()) {
    const shapes = `[${gradient.shape}], expected [${point.shape}]`;
    throw new Error(`gradient of ${name} has shape ${shapes}`);
  }
  return {
    name,
    values: Float32Array.from(point.dataSync()),
    gradient: gradient ? Float32Array.from(gradient.dataSync()) : new Float32Array(point.size),
  };
}

function checkParts(
  parts: readonly Part[],
  at: (values: Direction) => number,
  random: Random,
  { epsilon = 2e-3, tolerance = 2e-3 }: CheckGradientOptions,
): void {
  const fail = (direction: Direction): string | undefined => {
    const { slope, expected } = slopes(parts, at, direction, epsilon);
    const off = Math.abs(slope - expected) / Math.max(1, Math.abs(expected));
    // Negated, so that NaN fails.
    return off <= tolerance ? undefined : `${slope}, expected ${expected} (off by ${off})`;
  };
  const only = (part: Part, moves: Float32Array): Direction =>
    parts.map((each) => (each === part ? moves : new Float32Array(each.values.length)));

  for (let i = 0; i < directions; i++) {
    const direction = parts.map(({ values }) => values.map(() => (random.integer(2) ? 1 : -1)));
    const failed = fail(direction);
    if (!failed) continue;
    for (const [j, part] of parts.entries()) {
      const alone = fail(only(part, direction[j] ?? part.values));
      if (alone) throw new Error(`gradient of ${part.name} along a random direction is ${alone}`);
    }
    throw new Error(`gradient along a random direction is ${failed}`);
  }
  for (const part of parts) {
    for (let i = 0; i < Math.min(entries, part.values.length); i++) {
      const entry = random.integer(part.values.length);
      const failed = fail(
        only(part, new Float32Array(part.values.length).fill(1, entry, entry + 1)),
      );
      if (failed) throw new Error(`gradient of ${part.name} by entry ${entry} is ${failed}`);
    }
  }
}

/** The derivative along a direction: from the gradient, and by a central difference. */
function slopes(
  parts: readonly Part[],
  at: (values: Direction) => number,
  direction: Direction,
  epsilon: number,
): { slope: number; expected: number } {
  const move = (step: number) =>
    parts.map(({ values }, i) => values.map((value, j) => value + step * (direction[i]?.[j] ?? 0)));
  const [above, below] = [move(epsilon), move(-epsilon)];
  let rise = 0;
  for (const [i, { gradient }] of parts.entries()) {
    for (const [j, slope] of gradient.entries()) {
      // Rounded to float32, so that the step is the actual one.
      rise += slope * ((above[i]?.[j] ?? 0) - (below[i]?.[j] ?? 0));
    }
  }
  return { slope: rise / (2 * epsilon), expected: (at(above) - at(below)) / (2 * epsilon) };
}
