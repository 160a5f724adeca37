import { decodeFloat16 } from "./float16.ts";

/** Bits per element of each type in the safetensors format (Rust crate safetensors 0.8). */
export const bitsOf: ReadonlyMap<string, number> = new Map([
  ...["F4"].map((name) => [name, 4] as const),
  ...["F6_E2M3", "F6_E3M2"].map((name) => [name, 6] as const),
  ...["BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3"].map((name) => [name, 8] as const),
  ...["F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"].map((name) => [name, 8] as const),
  ...["I16", "U16", "F16", "BF16"].map((name) => [name, 16] as const),
  ...["I32", "U32", "F32"].map((name) => [name, 32] as const),
  ...["C64", "F64", "I64", "U64"].map((name) => [name, 64] as const),
]);

/** Converts little-endian elements to float32; undefined for unsupported types, such as integers. */
export function decodeFloats(dtype: string, elements: ArrayBuffer): Float32Array | undefined {
  switch (dtype) {
    case "F32":
      return new Float32Array(elements);
    case "F64":
      return Float32Array.from(new Float64Array(elements));
    case "F16":
      return decodeFloat16(new Uint16Array(elements));
    case "BF16": {
      // the upper half of a float32
      const words = Uint32Array.from(new Uint16Array(elements), (half) => half << 16);
      return new Float32Array(words.buffer);
    }
    default:
      return undefined;
  }
}
