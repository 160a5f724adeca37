import { functionWords } from "@attend/metrics";
import { tf } from "@attend/runtime";
import { Words } from "@attend/text";
import { binaryCrossEntropy, type Fusion, WordGuided } from "@attend/vqa-fusion";

/** What captions say of photos, by the photos' paths. */
export type Captions = ReadonlyMap<string, readonly string[]>;

/** The ids of the words that are said of the most photos, without function words and those that questions lack. */
export function commonWords(captions: Captions, words: Words, count: number): number[] {
  const photos = new Map<number, number>();
  for (const said of captions.values()) {
    for (const id of idsOf(said, words)) photos.set(id, (photos.get(id) ?? 0) + 1);
  }
  return [...photos]
    .filter(([id]) => id !== Words.special.unknown && !functionWords.has(words.token(id)))
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, count)
    .map(([id]) => id);
}

/** What is said of a batch's photos, to learn from. */
export interface BatchWords {
  /**
   * The mean loss of the words of photos that have captions. Call it inside `tf.tidy`.
   *
   * @param shown what the fusion says of all photos, see `Fused`
   */
  loss(shown: tf.Tensor2D): tf.Scalar;
  dispose(): void;
}

/**
 * Prepares what is said of photos, given by their indices in `files`; the caller disposes it. Undefined if the fusion
 * does not learn it, or nothing is said of them.
 */
export function wordLoader(
  fusion: Fusion,
  files: readonly string[],
  captions: Captions,
  words: Words,
): (photos: readonly number[]) => BatchWords | undefined {
  if (!(fusion instanceof WordGuided)) return () => undefined;
  const said = files.map((file) => {
    const ids = idsOf(captions.get(file) ?? [], words);
    return ids.size === 0 ? undefined : fusion.words.map((id) => Number(ids.has(id)));
  });
  return (photos) => {
    const known = photos.flatMap((photo, row) => {
      const words = said[photo];
      return words === undefined ? [] : [{ row, words }];
    });
    if (known.length === 0) return undefined;
    const expected = tf.tensor2d(known.map(({ words }) => words));
    const rows = tf.tensor1d(
      known.map(({ row }) => row),
      "int32",
    );
    return {
      loss(shown) {
        const losses = binaryCrossEntropy(tf.gather(shown, rows), expected);
        return tf.div(tf.mean(losses), expected.shape[1]);
      },
      dispose: () => void tf.dispose([expected, rows]),
    };
  };
}

function idsOf(captions: readonly string[], words: Words): Set<number> {
  return new Set(captions.flatMap((caption) => words.encode(caption)));
}
