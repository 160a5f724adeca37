import { tf } from "./tf.ts";

/** Whether a gradient will be asked for of what is computed now. */
export function isRecording(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}

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

/** What tfjs-core's `customGrad` stands on; unlike that, it takes operations with several values. */
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

/** As {@link customGradient}, for an operation with two or more values. */
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
      const gradients = backward(dys, saved);
      return Object.fromEntries(gradients.map((gradient, i) => [i, () => gradient]));
    },
  });
}
