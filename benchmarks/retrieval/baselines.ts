import { countWords } from "@attend/text";
import MiniSearch from "minisearch";

/** The score of each text for a query. */
export type Ranker = (query: string) => number[];

/** BM25 as a library computes it. */
export function bm25(texts: readonly string[]): Ranker {
  const search = new MiniSearch<{ id: number; text: string }>({ fields: ["text"] });
  search.addAll(texts.map((text, id) => ({ id, text })));
  return (query) => {
    const scores = new Array<number>(texts.length).fill(0);
    for (const { id, score } of search.search(query)) scores[Number(id)] = score;
    return scores;
  };
}

/** The cosine of counts of words, weighted by how few texts have them. */
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
