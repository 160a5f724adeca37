import { createRandom, type Random, type RandomState } from "@attend/runtime/random";

/**
 * The generator for one purpose, determined by the seed and the numbers (epoch, step, ...) alone: no
 * generator state is needed to resume. A different order or count of the numbers gives an unrelated
 * generator.
 *
 * @param numbers integers in [0, 2^32)
 */
export function randomFor(seed: number, ...numbers: readonly number[]): Random {
  let [a, b, c, d] = createRandom(seed).state;
  for (const number of numbers) {
    const [e, f, g, h] = createRandom(number).state;
    [a, b, c, d] = [mix(a ^ e), mix(b ^ f), mix(c ^ g), mix(d ^ h)];
  }
  const state: RandomState = [a, b, c, d];
  return createRandom(state);
}

/** The finalizer of MurmurHash3: a bijection of 32 bits in which each bit affects every other. */
function mix(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
