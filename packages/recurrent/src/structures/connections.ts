import { AttendError, tf } from "@attend/runtime";

/**
 * How layers stand on one another: each on the output of the one below ("plain"); its input added to
 * its output from the second layer on, wherever both are of one size ("residual", Wu et al. 2016,
 * section 3.1); or each on the input and the outputs of all layers below beside one another, and so is
 * the result ("dense", Huang et al. 2017; Godin et al. 2017).
 */
export type Connections = "plain" | "residual" | "dense";

/** What the next layer reads: `above` is what layer `index` made of `below`, both `[..., features]`. */
export function connect<T extends tf.Tensor>(
  connections: Connections,
  index: number,
  below: T,
  above: T,
): T {
  if (connections === "dense") return tf.concat<T>([below, above], -1);
  const fits = index > 0 && below.shape.at(-1) === above.shape.at(-1);
  return connections === "residual" && fits ? tf.add(below, above) : above;
}

/**
 * Size of the result.
 *
 * @throws AttendError BAD_ARGUMENT where a layer's input does not fit what lies below
 */
export function sizeOfLayers(
  layers: readonly { readonly inputSize: number; readonly units: number }[],
  connections: Connections,
): number {
  const [first] = layers;
  if (first === undefined) throw new AttendError("BAD_ARGUMENT", "no layers; give one or more");
  let size = first.inputSize;
  for (const [index, layer] of layers.entries()) {
    if (layer.inputSize !== size) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `layer ${index} takes ${layer.inputSize} features; with ${connections} connections it gets ${size}`,
      );
    }
    size = connections === "dense" ? size + layer.units : layer.units;
  }
  return size;
}
