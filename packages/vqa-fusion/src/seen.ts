import { attendFused, type Score } from "@attend/attention";
import { tf } from "@attend/runtime";

/** What a fusion computes of images alone, `[images, ...]` each. A type, so that `tf.tidy` may return it. */
export type View = Readonly<Record<string, tf.Tensor | tf.Tensor[]>>;
/** Each image as one vector. */
export type ImageVector = Readonly<Record<"vector", tf.Tensor2D>>;
/** Each image's regions. */
export type Regions = Readonly<Record<"regions", tf.Tensor3D>>;
/** Each image's regions, and its map as it is. */
export type MapAndRegions = Readonly<Record<"map" | "regions", tf.Tensor3D>>;

/** The images that questions look at; lives within one `tf.tidy`. */
export class Seen<V extends View> {
  readonly view: V;
  readonly #of: tf.Tensor1D | undefined;
  #groups: Groups | undefined;

  /** @param of which image each question is about; default: each is about its own */
  constructor(view: V, of: tf.Tensor1D | undefined) {
    this.view = view;
    this.#of = of;
  }

  /** Part of the view for each question, `[images, ...] -> [rows, ...]`. */
  each<T extends tf.Tensor>(part: T): T {
    return this.#of === undefined ? part : tf.gather(part, this.#of);
  }

  /**
   * Soft attention of each question to its image.
   *
   * @param query `[rows, size]`
   * @param keys `[images, positions, size]`, projected
   * @param values `[images, positions, valueSize]`
   * @returns `context` `[rows, valueSize]`, `weights` `[rows, positions]`
   */
  attend(score: Score, query: tf.Tensor2D, keys: tf.Tensor3D, values: tf.Tensor3D) {
    const fused = attendFused(score, query, keys, values, this.#of);
    if (fused !== undefined) return fused;
    const weights = tf.softmax(score.logits(tf.expandDims(query, 1), this.each(keys)));
    const context: tf.Tensor2D = tf.squeeze(this.matMul(weights, values), [1]);
    return { context, weights: tf.squeeze<tf.Tensor2D>(weights, [1]) };
  }

  /**
   * The product of each question's queries with part of the view, which is not repeated for each question.
   *
   * @param queries `[rows, queries, size]`
   * @param part `[images, size, columns]`, or `[images, columns, size]` if transposed
   * @returns `[rows, queries, columns]`
   */
  matMul(
    queries: tf.Tensor3D,
    part: tf.Tensor3D,
    { transpose = false }: { transpose?: boolean } = {},
  ): tf.Tensor3D {
    if (this.#of === undefined) return tf.matMul(queries, part, false, transpose);
    this.#groups ??= groupByImage(this.#of.dataSync<"int32">(), part.shape[0]);
    const { rows, places, perImage } = this.#groups;
    const [, each, size] = queries.shape;
    const padded = tf.pad(queries, [
      [0, 1],
      [0, 0],
      [0, 0],
    ]);
    const grouped: tf.Tensor3D = tf.reshape(tf.gather(padded, rows), [-1, perImage * each, size]);
    const product: tf.Tensor3D = tf.matMul(grouped, part, false, transpose);
    const columns = product.shape[2];
    return tf.gather(tf.reshape(product, [-1, each, columns]), places);
  }
}

interface Groups {
  /** `[images * perImage]`: the row of each place; one past the last where an image has fewer. */
  readonly rows: tf.Tensor1D;
  /** `[rows]`: the place of each row. */
  readonly places: tf.Tensor1D;
  readonly perImage: number;
}

function groupByImage(of: Int32Array, images: number): Groups {
  const counts = new Int32Array(images);
  for (const image of of) counts[image] = (counts[image] ?? 0) + 1;
  const perImage = Math.max(...counts);
  const rows = new Int32Array(images * perImage).fill(of.length);
  const next = Int32Array.from(counts, (_, image) => image * perImage);
  const places = of.map((image, row) => {
    const place = next[image] ?? 0;
    next[image] = place + 1;
    rows[place] = row;
    return place;
  });
  return { rows: tf.tensor1d(rows), places: tf.tensor1d(places), perImage };
}
