import { tf } from "./tf.ts";

type TapeNode = ReturnType<typeof tf.engine>["state"]["activeTape"][number];

/**
 * `tf.variableGrads`, which frees during the backward pass what that has used: the gradients of intermediate results, and
 * what the forward pass has kept. TensorFlow.js frees them all at the end. The gradients are the same to the last bit.
 */
export function variableGrads(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
): ReturnType<typeof tf.variableGrads> {
  return tf.variableGrads(() => {
    const value = loss();
    freeAsUsed(tf.engine().state.activeTape);
    return value;
  }, variables);
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
