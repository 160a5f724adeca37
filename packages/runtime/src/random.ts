/** The complete state of a generator: four unsigned 32-bit words, plain JSON. */
export type RandomState = readonly [number, number, number, number];

/**
 * A seeded random number generator (xoshiro128**, Blackman & Vigna 2018). The same seed gives the
 * same numbers on every machine and engine; `state` can be saved and restored for an exact resume.
 */
export interface Random {
  /** A number in [0, 1) with 32 random bits. */
  uniform(): number;
  /** A number from the standard normal distribution (Box-Muller). */
  normal(): number;
  /** An integer in [0, below). */
  integer(below: number): number;
  /** Shuffles `items` in place (Fisher-Yates) and returns them. */
  shuffle<T>(items: T[]): T[];
  /** An independent generator, seeded by this one's next number. */
  fork(): Random;
  readonly state: RandomState;
}

/**
 * Creates a random number generator (xoshiro128**, Blackman & Vigna 2018).
 *
 * @param seed a number (of which the low 32 bits are used) or the state of another generator
 */
export function createRandom(seed: number | RandomState): Random {
  let [a, b, c, d] = typeof seed === "number" ? expandSeed(seed) : seed;

  function next(): number {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  }

  const random: Random = {
    uniform: () => next() / 2 ** 32,
    normal() {
      // 1 - u is in (0, 1], so the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
      return radius * Math.cos(2 * Math.PI * random.uniform());
    },
    integer: (below) => Math.floor(random.uniform() * below),
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = random.integer(i + 1);
        const swapped = items[i] as (typeof items)[number];
        items[i] = items[j] as (typeof items)[number];
        items[j] = swapped;
      }
      return items;
    },
    fork: () => createRandom(next()),
    get state(): RandomState {
      return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
    },
  };
  return random;
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** Expands a seed into four words by splitmix32, so that similar seeds give unrelated states. */
function expandSeed(seed: number): RandomState {
  let s = seed >>> 0;
  const word = () => {
    s = (s + 0x9e3779b9) >>> 0;
    let z = s;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  return [word(), word(), word(), word()];
}
