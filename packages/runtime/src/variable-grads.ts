import { tf } from "./tf.ts";

type TapeNode = ReturnType<typeof tf.engine>["state"]["activeTape"][number];

/**
 * `tf.variableGrads`, which frees during the backward pass what that has used: the gradients of intermediate results, and
 * what the forward pass has kept. TensorFlow.js frees them all at the end. The gradients are the same to the last bit.
 *
 * @param onGradient told during the backward pass the gradient of `variables[index]`, as soon as nothing is added to it
 *   anymore; does not dispose it
 */
export function variableGrads(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
  onGradient: (index: number, gradient: tf.Tensor) => void = () => {},
): ReturnType<typeof tf.variableGrads> {
  const operations = variables.map((variable, i) =>
    passOn(variable, (gradient) => onGradient(i, gradient)),
  );
  const ends = operations.flatMap(({ inputs }) => Object.values(inputs));
  const { value, grads } = tf.engine().gradients(() => {
    const value = loss();
    const { state } = tf.engine();
    state.activeTape = beforeFirstUse(operations, state.activeTape);
    freeAsUsed(state.activeTape);
    return value;
  }, ends);
  const named = variables.flatMap(({ name }, i) => {
    // Undefined for what the loss does not depend on.
    const gradient: tf.Tensor | undefined = grads[i];
    return gradient === undefined ? [] : [[name, gradient] as const];
  });
  return { value, grads: Object.fromEntries(named) };
}

/** An operation that makes a variable of a tensor without values, at which the backward pass ends. */
function passOn(variable: tf.Variable, onGradient: (gradient: tf.Tensor) => void): TapeNode {
  const end = new tf.Tensor(variable.shape, "float32", {}, -1 - variable.id);
  return {
    id: tf.engine().state.nextTapeNodeId++,
    kernelName: "PassOn",
    inputs: { end },
    outputs: [variable],
    saved: [],
    gradient: ([gradient = end]) => ({
      end() {
        onGradient(gradient);
        return gradient;
      },
    }),
  };
}

/** Puts each operation before the first use of its result: the backward pass comes to it after all of them. */
function beforeFirstUse(operations: readonly TapeNode[], tape: readonly TapeNode[]): TapeNode[] {
  const unused = new Map(
    operations.flatMap((operation) => operation.outputs.map(({ id }) => [id, operation] as const)),
  );
  return tape.flatMap((node) => {
    const before = Object.values(node.inputs).flatMap(({ id }) => unused.get(id) ?? []);
    for (const { id } of Object.values(node.inputs)) unused.delete(id);
    return [...new Set(before), node];
  });
}

/** Lets each operation of the backward pass first free what the one before it has used. */
function freeAsUsed(tape: readonly TapeNode[]): void {
  /** The tensors with a gradient; further ones are added to it. */
  const differentiated = new Set<number>();
  /** What an operation passes on as it is, or twice. TensorFlow.js frees it at the end. */
  const shared = new Set<tf.Tensor>();
  let free = (): void => {};
  for (const node of tape) {
    const { gradient, inputs, outputs, saved = [] } = node;
    if (gradient === undefined) continue;
    node.gradient = (given: readonly (tf.Tensor | undefined)[]) => {
      free();
      // Of an output that the loss does not depend on. TensorFlow.js would make the zeros in JavaScript, whose garbage
      // collector runs when such arrays add up.
      const dys = outputs.map(({ shape, dtype }, i) => given[i] ?? tf.fill(shape, 0, dtype));
      const known = new Set([...dys, ...saved]);
      const added: tf.Tensor[] = [];
      free = () => {
        for (const tensor of [...dys, ...saved, ...added]) {
          if (!shared.has(tensor)) tensor.dispose();
        }
      };
      const derivatives = Object.entries(gradient(dys)).map(([name, derive]) => {
        const noted = () => {
          const derivative = derive();
          if (known.has(derivative)) shared.add(derivative);
          known.add(derivative);
          const id = inputs[name]?.id ?? Number.NaN;
          if (differentiated.has(id)) added.push(derivative);
          differentiated.add(id);
          return derivative;
        };
        return [name, noted] as const;
      });
      return Object.fromEntries(derivatives);
    };
  }
}
