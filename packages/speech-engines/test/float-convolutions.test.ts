import { describe, expect, test } from "vitest";
import { withFloatConvolutions } from "../src/workers/float-convolutions.ts";
import { encode, fieldOf, fieldsOf, textOf } from "../src/workers/onnx-file.ts";

const text = (number: number, value: string) => encode(number, Buffer.from(value));
const node = (operator: string, inputs: readonly string[], outputs: readonly string[]) =>
  encode(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, operator),
  );
const constant = (name: string, type: number, ...content: readonly Uint8Array[]) =>
  encode(5, Uint8Array.of(2 * 8, type), text(8, name), ...content);
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

/** x, convolved with [1, -2] and [0.5, 0], quantized in steps of 0.5; with a bias. */
const nodes = [
  node("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]),
  node("ConvInteger", ["xq", "w", "xz", "wz"], ["sum"]),
  node("Mul", ["xs", "ws"], ["scale"]),
  node("Div", ["bias", "scale"], ["bias/scale"]),
  node("Floor", ["bias/scale"], ["floor"]),
  node("Cast", ["floor"], ["integers"]),
  node("Reshape", ["integers", "shape"], ["bq"]),
  node("Add", ["sum", "bq"], ["biased"]),
  node("Cast", ["biased"], ["float"]),
  node("Mul", ["float", "scale"], ["y"]),
];
const constants = [
  constant("w", 2, Uint8Array.of(8, 2, 8, 2), encode(9, Uint8Array.of(12, 6, 11, 10))),
  constant("wz", 2, encode(5, Uint8Array.of(10))),
  constant("ws", 1, encode(4, floats(0.5))),
  constant("bias", 1, encode(9, floats(3, 4))),
];
const graphOf = (...fields: readonly Uint8Array[]) =>
  encode(7, ...fields, encode(12, text(1, "y")));

describe("convolutions of quantized integers", () => {
  test("become those of floats, and nothing else is left", () => {
    const model = withFloatConvolutions(graphOf(...nodes, ...constants));
    const fields = fieldsOf(fieldOf(model, 7));
    const kept = fields.filter(({ field }) => field === 1).map(({ content }) => content);
    expect(kept).toHaveLength(1);
    const [convolution = new Uint8Array(0)] = kept;
    expect(textOf(convolution, 4)).toBe("Conv");
    const inputs = fieldsOf(convolution).filter(({ field }) => field === 1);
    expect(inputs.map(({ content }) => Buffer.from(content).toString())).toEqual([
      ...["x", "w_float", "bias"],
    ]);
    expect(textOf(convolution, 2)).toBe("y");
    const left = fields.filter(({ field }) => field === 5).map(({ content }) => content);
    expect(left.map((content) => textOf(content, 8)).sort()).toEqual(["bias", "w_float"]);
    const weights = left.find((content) => textOf(content, 8) === "w_float") ?? new Uint8Array(0);
    expect(new Float32Array(Uint8Array.from(fieldOf(weights, 9)).buffer)).toEqual(
      Float32Array.of(1, -2, 0.5, 0),
    );
  });

  test("that look otherwise are refused", () => {
    const file = graphOf(...nodes.slice(0, 2), ...constants);
    expect(() => withFloatConvolutions(file)).toThrow("not quantized as expected");
  });
});
