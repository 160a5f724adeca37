import { tf } from "./tf.ts";

/**
 * An operation with its own gradient.
 *
 * @param inputs what to differentiate by.
 * @param forward gives the value and the tensors that `backward` will read; they stay alive for it.
 * @param backward gives the gradient of each input, in the order of `inputs`.
 */
export function customGradient<Value extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: () => { value: Value; saved: readonly tf.Tensor[] },
  backward: (dy: Value, saved: tf.Tensor[]) => tf.Tensor[],
): Value {
  const operation = tf.customGrad((...args) => {
    const { value, saved } = forward();
    const save = args.at(-1);
    // tfjs passes its save function behind the inputs.
    if (typeof save === "function") save([...saved]);
    return { value, gradFunc: (dy: Value, kept: tf.Tensor[]) => backward(dy, kept) };
  });
  return operation(...inputs);
}
