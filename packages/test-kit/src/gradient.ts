import { AttendError, messageOf, tf } from "@attend/runtime";
import { createRandom } from "@attend/runtime/random";
import { expectClose } from "./close.ts";

export interface CheckGradientOptions {
  /** Seed of the random inputs and of the weights of a non-scalar output; default 1. */
  readonly seed?: number;
  /** Step size of the central difference; default 1e-2, near the optimum for float32. */
  readonly epsilon?: number;
  /** As in `expectClose`; default 2e-3. */
  readonly tolerance?: number;
}

/**
 * The gradient of a scalar function by central differences, `(f(x + e) - f(x - e)) / 2e` for each
 * element of `x`. The result has the shape of `x`; the caller disposes it.
 */
export function numericGradient(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  epsilon = 1e-2,
): tf.Tensor {
  const values = Float32Array.from(x.dataSync());
  const at = (index: number, value: number): number => {
    const moved = values.slice();
    moved[index] = value;
    return tf.tidy(() => scalarOf(f(tf.tensor(moved, x.shape))));
  };
  const gradient = values.map((value, index) => {
    // Rounded to float32, so that the divisor is the actual step.
    const above = Math.fround(value + epsilon);
    const below = Math.fround(value - epsilon);
    return (at(index, above) - at(index, below)) / (above - below);
  });
  return tf.tensor(gradient, x.shape);
}

/**
 * Fails unless the engine's gradient of `f` with respect to each input equals the numeric one. A
 * non-scalar output is reduced by a sum with fixed random weights, so that errors cannot cancel.
 *
 * @param inputs tensors, which the caller disposes, or shapes to fill with seeded standard normal
 *   numbers
 */
export function checkGradient(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly (readonly number[] | tf.Tensor)[],
  { seed = 1, epsilon = 1e-2, tolerance = 2e-3 }: CheckGradientOptions = {},
): void {
  const random = createRandom(seed);
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
    for (const [i, gradient] of gradients.entries()) {
      const ofInput = (x: tf.Tensor) => loss(...points.with(i, x));
      try {
        expectClose(gradient, numericGradient(ofInput, points[i]!, epsilon), tolerance);
      } catch (thrown) {
        throw new Error(`gradient of input ${i} is ${messageOf(thrown)}`, { cause: thrown });
      }
    }
  });
}

/**
 * Like {@link checkGradient}, with respect to the variables that a scalar function reads, such as
 * `module.namedParameters()`. Their values are restored.
 */
export function checkVariableGradients(
  f: () => tf.Tensor,
  variables: ReadonlyMap<string, tf.Variable>,
  { epsilon = 1e-2, tolerance = 2e-3 }: Omit<CheckGradientOptions, "seed"> = {},
): void {
  const loss = () => tf.sum(f()) as tf.Scalar;
  for (const [name, variable] of variables) {
    tf.tidy(() => {
      const original = variable.clone();
      const ofValue = (value: tf.Tensor) => {
        variable.assign(value);
        return loss();
      };
      try {
        const gradient = tf.variableGrads(loss, [variable]).grads[variable.name];
        expectClose(gradient ?? 0, numericGradient(ofValue, original, epsilon), tolerance);
      } catch (thrown) {
        throw new Error(`gradient of ${name} is ${messageOf(thrown)}`, { cause: thrown });
      } finally {
        variable.assign(original);
      }
    });
  }
}

function scalarOf(value: tf.Tensor): number {
  if (value.size !== 1) {
    const message = `the function returned shape [${value.shape}], but a numeric gradient needs a scalar; sum it`;
    throw new AttendError("BAD_SHAPE", message);
  }
  return value.dataSync()[0]!;
}
