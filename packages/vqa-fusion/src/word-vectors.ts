import { type ScaledEmbedding, setParameter } from "@attend/nn";
import { AttendError } from "@attend/runtime";

/**
 * Starts the rows of an embedding from published vectors, such as GloVe's (Pennington et al. 2014). All are scaled
 * by the same factor, to a mean length of 1, as the embedding's own first rows; words without a vector keep theirs.
 *
 * @param words the vocabulary: row `i` is the vector of `words[i]`
 * @param vectorOf the vector of a word, if there is one
 * @returns the number of rows that were set
 * @throws AttendError BAD_SHAPE unless each vector has the embedding's size and each word a row
 */
export function setWordVectors(
  embedding: ScaledEmbedding,
  words: readonly string[],
  vectorOf: (word: string) => ArrayLike<number> | undefined,
): number {
  const [rows, size] = embedding.table.shape;
  if (words.length > rows) {
    throw new AttendError("BAD_SHAPE", `${words.length} words for an embedding of ${rows} rows`);
  }
  const found = words.flatMap((word, row) => {
    const vector = vectorOf(word);
    if (vector !== undefined && vector.length !== size) {
      throw new AttendError(
        "BAD_SHAPE",
        `the vector of "${word}" has ${vector.length} numbers, the embedding ${size}; set embeddingSize to ${vector.length}`,
      );
    }
    return vector === undefined ? [] : [{ row, vector }];
  });
  const lengths = found.map(({ vector }) => Math.hypot(...Array.from(vector)));
  const scale = found.length / lengths.reduce((sum, length) => sum + length, 0);
  const table = Float32Array.from(embedding.table.dataSync());
  for (const { row, vector } of found) {
    table.set(
      Array.from(vector, (value) => value * scale),
      row * size,
    );
  }
  setParameter(embedding.table, table);
  return found.length;
}
