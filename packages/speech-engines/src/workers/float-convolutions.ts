import { encode, type Field, fieldOf, fieldsOf, textOf, withGraph } from "./onnx-file.ts";

/** Fields of onnx.proto: of a graph, of a node, and of a constant. */
const [nodeField, constantField, graphOutputField] = [1, 5, 12];
const [inputField, outputField, operatorField, attributeField] = [1, 2, 4, 5];
const [dimensionsField, floatsField, integersField, nameField, bytesField] = [1, 4, 5, 8, 9];

interface Node {
  readonly bytes: Uint8Array;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Encoded. */
  readonly attributes: readonly Uint8Array[];
}

/**
 * A network's file in which convolutions of dynamically quantized integers are those of floats: ONNX Runtime computes the
 * former twice as slowly, and mostly on one core.
 *
 * @param model the content of an ONNX file, as ONNX Runtime's `quantize_dynamic` writes it
 */
export function withFloatConvolutions(model: Uint8Array): Uint8Array {
  return withGraph(model, (fields) => {
    const constants = new Map(
      fields
        .filter(({ field }) => field === constantField)
        .map(({ content }) => [textOf(content, nameField), content]),
    );
    const nodes = fields.filter(({ field }) => field === nodeField).map(nodeOf);
    const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
    const consumers = new Map(nodes.flatMap((node) => node.inputs.map((name) => [name, node])));
    const replaced = new Map<Node | undefined, Node>();
    const weights: Uint8Array[] = [];
    for (const node of nodes) {
      if (node.operator !== "ConvInteger") continue;
      const [input = "", weight = "", , zero = ""] = node.inputs;
      // The integers, plus a bias that was quantized too, as floats, times the scales of input and weights.
      let next = consumers.get(node.outputs[0] ?? "");
      let bias: string | undefined;
      if (next?.operator === "Add") {
        let from = producers.get(other(next, node));
        while (from !== undefined && from.operator !== "Div")
          from = producers.get(from.inputs[0] ?? "");
        bias = from?.inputs[0];
        next = consumers.get(next.outputs[0] ?? "");
      }
      const product = consumers.get(next?.outputs[0] ?? "");
      const quantized = producers.get(input);
      if (next === undefined || product === undefined || quantized === undefined) throw unlike();
      const scales = producers.get(other(product, next));
      if (scales === undefined) throw unlike();
      const scale = constants.get(other(scales, quantized));
      const [values, offset] = [constants.get(weight), constants.get(zero)];
      if (scale === undefined || values === undefined || offset === undefined) throw unlike();
      const name = `${weight}_float`;
      weights.push(floatWeights(name, values, floatOf(scale), byteOf(offset)));
      const inputs = [quantized.inputs[0] ?? "", name, ...(bias === undefined ? [] : [bias])];
      replaced.set(product, convolution(inputs, product.outputs, node.attributes));
    }
    const outputs = fields.filter(({ field }) => field === graphOutputField);
    const needed = new Set(outputs.map(({ content }) => textOf(content, 1)));
    // From the end to the start: what nothing reads any longer is left out.
    const kept = nodes.toReversed().flatMap((node) => {
      const now = replaced.get(node) ?? node;
      if (!now.outputs.some((name) => needed.has(name))) return [];
      for (const name of now.inputs) needed.add(name);
      return [now.bytes];
    });
    const others = fields.filter(
      ({ field, content }) =>
        field !== nodeField && (field !== constantField || needed.has(textOf(content, nameField))),
    );
    return [...kept.toReversed(), ...weights, ...others.map(({ bytes }) => bytes)];
  });
}

function nodeOf({ bytes, content }: Field): Node {
  const fields = fieldsOf(content);
  const texts = (number: number) =>
    fields.flatMap((each) => (each.field === number ? [Buffer.from(each.content).toString()] : []));
  return {
    ...{ bytes, operator: texts(operatorField)[0] ?? "", inputs: texts(inputField) },
    outputs: texts(outputField),
    attributes: fields.filter(({ field }) => field === attributeField).map((each) => each.bytes),
  };
}

/** The input of a node that is not from another one. */
function other({ inputs }: Node, node: Node): string {
  return inputs.find((name) => !node.outputs.includes(name)) ?? "";
}

function convolution(
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[],
): Node {
  const bytes = encode(
    nodeField,
    ...inputs.map((name) => encode(inputField, Buffer.from(name))),
    ...outputs.map((name) => encode(outputField, Buffer.from(name))),
    encode(operatorField, Buffer.from("Conv")),
    ...attributes,
  );
  return { bytes, operator: "Conv", inputs, outputs, attributes };
}

function floatWeights(name: string, tensor: Uint8Array, scale: number, offset: number): Uint8Array {
  const integers = fieldOf(tensor, bytesField);
  const floats = new Float32Array(integers.length);
  for (let i = 0; i < floats.length; i++) floats[i] = ((integers[i] ?? 0) - offset) * scale;
  const dimensions = fieldsOf(tensor).filter(({ field }) => field === dimensionsField);
  return encode(
    constantField,
    ...dimensions.map(({ bytes }) => bytes),
    Uint8Array.of(2 * 8, 1), // The type: floats.
    encode(nameField, Buffer.from(name)),
    encode(bytesField, new Uint8Array(floats.buffer)),
  );
}

function floatOf(tensor: Uint8Array): number {
  const raw = fieldOf(tensor, bytesField);
  return Buffer.from(raw.length > 0 ? raw : fieldOf(tensor, floatsField)).readFloatLE(0);
}

function byteOf(tensor: Uint8Array): number {
  const raw = fieldOf(tensor, bytesField);
  if (raw.length > 0) return raw[0] ?? 0;
  const [low = 0, high = 0] = fieldOf(tensor, integersField);
  return low < 128 ? low : low - 128 + 128 * high;
}

function unlike(): Error {
  return new Error("the network is not quantized as expected");
}
