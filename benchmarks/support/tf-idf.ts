import { countWords } from "@attend/text";

/** The score of each text for a query. */
export type Ranker = (query: string) => number[];

/** The cosine of counts of words, weighted by how few texts have them (Salton & Buckley 1988). */
export function tfIdf(texts: readonly string[]): Ranker {
  const counts = texts.map((text) => countWords([text]));
  const inTexts = countWords(counts.map((words) => [...words.keys()].join(" ")));
  const vectorOf = (words: ReadonlyMap<string, number>) => {
    const weights = [...words].map(([word, count]) => {
      const idf = Math.log((1 + texts.length) / (1 + (inTexts.get(word) ?? 0))) + 1;
      return [word, count * idf] as const;
    });
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1;
    return new Map(weights.map(([word, weight]) => [word, weight / length]));
  };
  const vectors = counts.map(vectorOf);
  return (query) => {
    const asked = [...vectorOf(countWords([query]))];
    return vectors.map((vector) =>
      asked.reduce((sum, [word, weight]) => sum + weight * (vector.get(word) ?? 0), 0),
    );
  };
}
