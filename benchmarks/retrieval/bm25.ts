import MiniSearch from "minisearch";
import type { Ranker } from "../support/tf-idf.ts";

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
