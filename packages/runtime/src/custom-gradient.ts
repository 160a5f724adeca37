import { tf } from "./tf.ts";

/** Whether the current operations are being recorded for a gradient. */
export function isRecording(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}

/**
 * An operation with a custom gradient.
 *
 * @param inputs the tensors to differentiate with respect to
 * @param forward returns the value and the tensors that `backward` needs, which are kept until then
 * @param backward returns the gradient of each input, in the order of `inputs`
 */
export function customGradient<Value extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: () => { value: Value; saved: readonly tf.Tensor[] },
  backward: (dy: Value, saved: tf.Tensor[]) => tf.Tensor[],
): Value {
  const operation = tf.customGrad((...args) => {
    const { value, saved } = forward();
    const save = args.at(-1);
    // tfjs passes its save function after the inputs.
    if (typeof save === "function") save([...saved]);
    // tfjs-core would keep what `backward` computes in between until the whole gradient is done.
    return { value, gradFunc: (dy: Value, kept: tf.Tensor[]) => tf.tidy(() => backward(dy, kept)) };
  });
  return operation(...inputs);
}

/**
 * The function behind tfjs-core's `customGrad`; unlike that, it supports operations with several
 * outputs.
 */
interface KernelRunner {
  runKernelFunc<Values extends tf.Tensor[]>(operation: {
    readonly inputs: Readonly<Record<string, tf.Tensor>>;
    readonly forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => Values;
    readonly backwardsFunc: (
      dys: Values,
      saved: tf.Tensor[],
    ) => Readonly<Record<string, () => tf.Tensor>>;
  }): Values;
}

function isKernelRunner(engine: object): engine is KernelRunner {
  return "runKernelFunc" in engine;
}

/** Like {@link customGradient}, for an operation with two or more outputs. */
export function customGradients<Values extends tf.Tensor[]>(
  inputs: readonly tf.Tensor[],
  forward: () => { values: Values; saved: readonly tf.Tensor[] },
  backward: (dys: Values, saved: tf.Tensor[]) => tf.Tensor[],
): Values {
  const engine: object = tf.engine();
  if (!isKernelRunner(engine)) throw new TypeError("tfjs-core has no runKernelFunc");
  return engine.runKernelFunc({
    inputs: Object.fromEntries(inputs.entries()),
    forwardFunc: (_backend, save) => {
      const { values, saved } = forward();
      save([...saved]);
      return values;
    },
    backwardsFunc: (dys, saved) => {
      const gradients = tf.tidy(() => backward(dys, saved));
      return Object.fromEntries(gradients.map((gradient, i) => [i, () => gradient]));
    },
  });
}
