import { type Random, tf } from "@attend/runtime";

/**
 * Makes the initial value of a parameter; the caller owns it. Without `random` it is zero, which saves the
 * time for random numbers if weights are loaded afterwards.
 */
export type Initializer = <R extends tf.Rank>(shape: tf.ShapeMap[R]) => tf.Tensor<R>;

/** Only read, and so the system never has to provide its memory. */
const shared = new ArrayBuffer(0, { maxByteLength: 2 ** 30 });

/** All zeros. On the native engine they have no memory of their own before the first operation on them. */
export const zeros: Initializer = <R extends tf.Rank>(shape: tf.ShapeMap[R]) => {
  const size = tf.util.sizeFromShape(shape);
  const bytes = size * Float32Array.BYTES_PER_ELEMENT;
  if (bytes > shared.maxByteLength) return tf.zeros<R>(shape);
  if (bytes > shared.byteLength) shared.resize(bytes);
  return tf.tensor<R>(new Float32Array(shared, 0, size), shape);
};
/** All ones. */
export const ones: Initializer = (shape) => tf.ones(shape);

/** Normal numbers with the given standard deviation. */
export function normal(random: Random | undefined, deviation: number): Initializer {
  return (shape) => fill(shape, random && (() => random.normal() * deviation));
}

/** Uniform in [-limit, limit). */
export function uniform(random: Random | undefined, limit: number): Initializer {
  return (shape) => fill(shape, random && (() => (2 * random.uniform() - 1) * limit));
}

/** Glorot & Bengio 2010: uniform with limit sqrt(6 / (fanIn + fanOut)), from the last two axes. */
export function glorotUniform(random: Random | undefined): Initializer {
  return <R extends tf.Rank>(shape: tf.ShapeMap[R]) => {
    const [fanIn = 1, fanOut = 1] = shape.slice(-2);
    return uniform(random, Math.sqrt(6 / (fanIn + fanOut)))<R>(shape);
  };
}

/** He et al. 2015 for a convolution `[height, width, in, out]`: deviation sqrt(2 / (h * w * in)). */
export function heNormal(random: Random | undefined): Initializer {
  return <R extends tf.Rank>(shape: tf.ShapeMap[R]) => {
    const fanIn = shape.slice(0, -1).reduce((product: number, size: number) => product * size, 1);
    return normal(random, Math.sqrt(2 / fanIn))<R>(shape);
  };
}

/** Saxe et al. 2014: an orthogonal matrix `[rows, columns]`, by Gram-Schmidt on normal vectors. */
export function orthogonal(random: Random | undefined): (shape: [number, number]) => tf.Tensor2D {
  return ([rows, columns]) => {
    if (random === undefined) return zeros<tf.Rank.R2>([rows, columns]);
    const count = Math.min(rows, columns);
    const size = Math.max(rows, columns);
    const zero = new Float64Array(size);
    const basis: Float64Array[] = [];
    while (basis.length < count) {
      const vector = Float64Array.from({ length: size }, () => random.normal());
      let length = norm(vector);
      let before: number;
      do {
        before = length;
        for (let i = 0; i < basis.length; i += 4) {
          const [a = zero, b = zero, c = zero, d = zero] = basis.slice(i, i + 4);
          removeParts(vector, a, b, c, d);
        }
        length = norm(vector);
        // A second pass, where little is left, suffices for full precision (Kahan-Parlett).
      } while (length < before / 1000);
      basis.push(vector.map((v) => v / length));
    }
    const values = new Float32Array(rows * columns);
    basis.forEach((vector, b) => {
      vector.forEach((v, i) => {
        values[rows <= columns ? b * columns + i : i * columns + b] = v;
      });
    });
    return tf.tensor2d(values, [rows, columns]);
  };
}

/** Removes what of `vector` is along four unit vectors; together they take half as long as one by one. */
function removeParts(
  vector: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  let [p, q, r, s] = [0, 0, 0, 0];
  for (let i = 0; i < vector.length; i++) {
    const v = at(vector, i);
    p += v * at(a, i);
    q += v * at(b, i);
    r += v * at(c, i);
    s += v * at(d, i);
  }
  for (let i = 0; i < vector.length; i++) {
    vector[i] = at(vector, i) - (p * at(a, i) + q * at(b, i) + r * at(c, i) + s * at(d, i));
  }
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}

function fill<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  next: (() => number) | undefined,
): tf.Tensor<R> {
  if (next === undefined) return zeros<R>(shape);
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let i = 0; i < values.length; i++) values[i] = next();
  return tf.tensor<R>(values, shape);
}
