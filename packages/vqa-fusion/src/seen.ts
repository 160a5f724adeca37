import { tf } from "@attend/runtime";
import type { Image } from "./fusion.ts";

/** The images that questions look at; lives within one `tf.tidy`. */
export class Seen {
  readonly #image: Image;
  #groups: Groups | undefined;

  constructor(image: Image) {
    this.#image = image;
  }

  /** Computes something of each image, once, and returns it for each question, `[rows, ...]`. */
  each<T extends tf.Tensor>(compute: (image: Pick<Image, "map" | "pooled">) => T): T {
    const computed = compute(this.#image);
    return this.#image.of === undefined ? computed : tf.gather(computed, this.#image.of);
  }

  /**
   * The product of each question's queries with something of its image, which is not repeated for each question.
   *
   * @param queries `[rows, queries, size]`
   * @param compute of each image, `[images, size, columns]`, or `[images, columns, size]` if transposed
   * @returns `[rows, queries, columns]`
   */
  matMul(
    queries: tf.Tensor3D,
    compute: (image: Pick<Image, "map" | "pooled">) => tf.Tensor3D,
    { transpose = false }: { transpose?: boolean } = {},
  ): tf.Tensor3D {
    const ofImages = compute(this.#image);
    if (this.#image.of === undefined) return tf.matMul(queries, ofImages, false, transpose);
    this.#groups ??= groupByImage(this.#image.of.dataSync<"int32">(), ofImages.shape[0]);
    const { rows, places, perImage } = this.#groups;
    const [, each, size] = queries.shape;
    const padded = tf.pad(queries, [
      [0, 1],
      [0, 0],
      [0, 0],
    ]);
    const grouped: tf.Tensor3D = tf.reshape(tf.gather(padded, rows), [-1, perImage * each, size]);
    const product: tf.Tensor3D = tf.matMul(grouped, ofImages, false, transpose);
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
