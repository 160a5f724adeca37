import { AttendError, customGradient, tf } from "@attend/runtime";

/** Whether any sequence is shorter than `steps`. */
export function isRagged(
  lengths: readonly number[] | undefined,
  steps: number,
): lengths is readonly number[] {
  return lengths?.some((length) => length !== steps) ?? false;
}

/** @throws AttendError unless there is one length per sequence, each from 1 to `steps` */
export function checkLengths(lengths: readonly number[], batch: number, steps: number): void {
  if (lengths.length !== batch) {
    throw new AttendError("BAD_SHAPE", `${lengths.length} lengths for a batch of ${batch}`);
  }
  const wrong = lengths.findIndex(
    (length) => !Number.isInteger(length) || length < 1 || length > steps,
  );
  if (wrong !== -1) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `length ${lengths[wrong]} of sequence ${wrong}; lengths are whole numbers from 1 to ${steps} (the steps)`,
    );
  }
}

/** The lengths for the fused kernels, `[batch]` int32. */
export function lengthsTensor(lengths: readonly number[] | undefined): tf.Tensor1D | undefined {
  return lengths && tf.tensor1d([...lengths], "int32");
}

/** Zeroes `[batch, steps, features]` past the lengths, even NaN. */
export function zeroPadding(input: tf.Tensor3D, lengths: readonly number[]): tf.Tensor3D {
  const [batch, steps] = input.shape;
  const mask = lengths.flatMap((length) => Array.from({ length: steps }, (_, t) => t < length));
  return tf.where(tf.tensor3d(mask, [batch, steps, 1], "bool"), input, tf.zerosLike(input));
}

/**
 * Reverses each sequence of `[batch, steps, features]` within its length; positions past the length
 * are unchanged.
 */
export function reverseSequences(
  input: tf.Tensor3D,
  lengths: readonly number[] | undefined,
): tf.Tensor3D {
  const [batch, steps, features] = input.shape;
  if (!isRagged(lengths, steps)) return tf.reverse(input, 1);
  const rows = lengths.flatMap((length, row) =>
    Array.from({ length: steps }, (_, t) => row * steps + (t < length ? length - 1 - t : t)),
  );
  const reverse = (tensor: tf.Tensor): tf.Tensor3D => {
    const flat = tf.reshape(tensor, [batch * steps, features]);
    return tf.reshape(tf.gather(flat, tf.tensor1d(rows, "int32")), [batch, steps, features]);
  };
  // The reversal is its own inverse, so the gradient is reversed as well, without a scatter.
  return customGradient<tf.Tensor3D>(
    [input],
    () => ({ value: reverse(input), saved: [] }),
    (dy) => [reverse(dy)],
  );
}

/** The last step of each sequence of `[batch, steps, features]`, `[batch, features]`. */
export function lastOf(output: tf.Tensor3D, lengths: readonly number[] | undefined): tf.Tensor2D {
  const [batch, steps, features] = output.shape;
  if (!isRagged(lengths, steps)) {
    return tf.reshape(tf.slice(output, [0, steps - 1, 0]), [batch, features]);
  }
  const rows = lengths.map((length, row) => row * steps + length - 1);
  const flat: tf.Tensor2D = tf.reshape(output, [batch * steps, features]);
  return tf.gather(flat, tf.tensor1d(rows, "int32"));
}
