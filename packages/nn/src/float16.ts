/**
 * IEEE 754 half precision in plain arrays, because Node 20 has no Float16Array. Decoding looks values up
 * in a table of all 65,536, which is as fast as memory.
 */

let table: Float32Array | undefined;

/** Decodes half-precision bit patterns; `into` avoids an allocation. */
export function decodeFloat16(
  bits: Uint16Array,
  into: Float32Array = new Float32Array(bits.length),
): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, pattern) => decodeOne(pattern));
  const values = table;
  // Unrolling by four halves the time: V8 spends as much on the loop as on the table.
  const unrolled = bits.length & ~3;
  for (let i = 0; i < unrolled; i += 4) {
    into[i] = values[bits[i] as number] as number;
    into[i + 1] = values[bits[i + 1] as number] as number;
    into[i + 2] = values[bits[i + 2] as number] as number;
    into[i + 3] = values[bits[i + 3] as number] as number;
  }
  for (let i = unrolled; i < bits.length; i++) into[i] = values[bits[i] as number] as number;
  return into;
}

/** Encodes numbers in half precision, rounding to nearest even; numbers beyond 65,504 become infinite. */
export function encodeFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint16Array(values.length);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) bits[i] = encodeOne(words[i] as number);
  return bits;
}

function decodeOne(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >> 10) & 0x1f;
  const fraction = pattern & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** @param word the bits of a float32 */
function encodeOne(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to infinity
  if (magnitude < 0x38800000) {
    // subnormal: the value in units of 2^-24, rounded to even
    const exponent = magnitude >>> 23;
    if (exponent < 102) return sign;
    const mantissa = (magnitude & 0x7fffff) | 0x800000;
    return sign | roundShift(mantissa, 126 - exponent);
  }
  return sign | roundShift(magnitude - 0x38000000, 13);
}

/** `value / 2^bits`, ties to even. */
function roundShift(value: number, bits: number): number {
  const half = 1 << (bits - 1);
  const rest = value & ((1 << bits) - 1);
  const whole = value >>> bits;
  const up = rest > half || (rest === half && (whole & 1) === 1);
  return up ? whole + 1 : whole;
}
