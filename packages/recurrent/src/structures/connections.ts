import { AttendError, tf } from "@attend/runtime";

/**
 * How layers are connected. "plain": each reads the output of the layer below. "residual": from the
 * second layer on, its input is added to its output if the sizes are equal (Wu et al. 2016, section
 * 3.1). "dense": each reads the concatenation of the input and the outputs of all layers below, and the
 * result is the concatenation of all (Huang et al. 2017; Godin et al. 2017).
 */
export type Connections = "plain" | "residual" | "dense";

/** The input of the next layer: `above` is the output of layer `index`, `below` its input, `[..., features]`. */
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
 * The output size of the layers.
 *
 * @throws AttendError BAD_ARGUMENT if the input size of a layer does not match the layers below
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
