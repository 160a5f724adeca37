import { AttendError, customGradient, tf } from "@attend/runtime";

/** Whether some sequence is shorter than `steps`. */
export function isRagged(
  lengths: readonly number[] | undefined,
  steps: number,
): lengths is readonly number[] {
  return lengths?.some((length) => length !== steps) ?? false;
}

/** @throws AttendError unless there is one length a sequence, each from 1 to `steps`. */
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

/** As the fused kernels take them, `[batch]` int32. */
export function lengthsTensor(lengths: readonly number[] | undefined): tf.Tensor1D | undefined {
  return lengths && tf.tensor1d([...lengths], "int32");
}

/** Sets `[batch, steps, features]` to zero behind the lengths, whatever is there, NaN included. */
export function zeroPadding(input: tf.Tensor3D, lengths: readonly number[]): tf.Tensor3D {
  const [batch, steps] = input.shape;
  const counts = lengths.flatMap((length) => Array.from({ length: steps }, (_, t) => t < length));
  return tf.where(tf.tensor3d(counts, [batch, steps, 1], "bool"), input, tf.zerosLike(input));
}

/**
 * Turns each sequence of `[batch, steps, features]` round within its length; what lies behind stays
 * where it is.
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
  const turned = (tensor: tf.Tensor): tf.Tensor3D => {
    const flat = tf.reshape(tensor, [batch * steps, features]);
    return tf.reshape(tf.gather(flat, tf.tensor1d(rows, "int32")), [batch, steps, features]);
  };
  // Turned twice is as it was, so the gradient is turned likewise: no sum over equal indices is needed.
  return customGradient<tf.Tensor3D>(
    [input],
    () => ({ value: turned(input), saved: [] }),
    (dy) => [turned(dy)],
  );
}

/** What `[batch, steps, features]` has at each sequence's last step, `[batch, features]`. */
export function lastOf(output: tf.Tensor3D, lengths: readonly number[] | undefined): tf.Tensor2D {
  const [batch, steps, features] = output.shape;
  if (!isRagged(lengths, steps)) {
    return tf.reshape(tf.slice(output, [0, steps - 1, 0]), [batch, features]);
  }
  const rows = lengths.map((length, row) => row * steps + length - 1);
  const flat: tf.Tensor2D = tf.reshape(output, [batch * steps, features]);
  return tf.gather(flat, tf.tensor1d(rows, "int32"));
}
