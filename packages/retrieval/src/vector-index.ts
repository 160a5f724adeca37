import { buffer, Module, type Parameter } from "@attend/nn";
import { denseProduct, hasFusedKernels, tf } from "@attend/runtime";
import { roundToFloat16 } from "./float16.ts";

/** As many vectors of length 0 are averaged with the others, so that the center of few is not one of them. */
const priorCount = 10;

/**
 * Vectors that are compared with a query by their cosine after their mean was subtracted from all, since what all
 * questions of a FAQ have in common tells none of them from another (Mu & Viswanath 2018, 'All-but-the-Top').
 */
export class VectorIndex extends Module {
  /** `[dimension]` */
  readonly center: Parameter<tf.Rank.R1>;
  /** `[count, dimension]`, each of length 1. */
  readonly rows: Parameter<tf.Rank.R2>;

  /** Of zeros, to be loaded or filled. */
  constructor(count: number, dimension: number) {
    super();
    this.center = buffer(tf.zeros<tf.Rank.R1>([dimension]));
    this.rows = buffer(tf.zeros<tf.Rank.R2>([count, dimension]));
  }

  /** Stores vectors, as many as there are rows, with the precision of a model's file. */
  fill(vectors: readonly Float32Array[]): void {
    tf.tidy(() => {
      const all = matrixOf(vectors, this.rows.shape[1]);
      const center = tf.div<tf.Tensor1D>(tf.sum(all, 0), vectors.length + priorCount);
      this.center.assign(tf.tensor1d(roundToFloat16(center.dataSync())));
      this.rows.assign(
        tf.tensor2d(roundToFloat16(centered(all, this.center).dataSync()), this.rows.shape),
      );
    });
  }

  /** The cosine of each query with each row. */
  similarities(queries: readonly Float32Array[]): Float32Array[] {
    const [count, dimension] = this.rows.shape;
    const center = this.center.dataSync<"float32">();
    const moved = queries.map((query) => away(query, center));
    const cosines = tf.tidy(() => products(matrixOf(moved, dimension), this.rows));
    const values = cosines.dataSync<"float32">();
    cosines.dispose();
    return queries.map((_, i) => values.subarray(i * count, (i + 1) * count));
  }
}

/** The difference of a vector from a center, of length 1. */
function away(vector: Float32Array, center: Float32Array): Float32Array {
  const moved = vector.map((value, i) => value - (center[i] ?? 0));
  const length = Math.max(Math.hypot(...moved), 1e-6);
  return moved.map((value) => value / length);
}

/** `[queries, rows]`, without copying the rows, as TensorFlow would to multiply few queries with them. */
function products(queries: tf.Tensor2D, rows: tf.Tensor2D): tf.Tensor2D {
  if (hasFusedKernels()) return denseProduct(queries, rows, { transposed: true });
  return tf.transpose(tf.matMul<tf.Tensor2D>(rows, queries, false, true));
}

/** `[vectors, dimension]` */
export function matrixOf(vectors: readonly Float32Array[], dimension: number): tf.Tensor2D {
  const all = new Float32Array(vectors.length * dimension);
  for (const [i, vector] of vectors.entries()) all.set(vector, i * dimension);
  return tf.tensor2d(all, [vectors.length, dimension]);
}

/** Differences from a center, of length 1. */
function centered(vectors: tf.Tensor2D, center: tf.Tensor1D): tf.Tensor2D {
  const moved = tf.sub<tf.Tensor2D>(vectors, center);
  return tf.div(moved, tf.maximum(tf.norm(moved, 2, 1, true), 1e-6));
}
