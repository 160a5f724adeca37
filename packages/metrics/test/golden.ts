import { readFileSync } from "node:fs";
import type { Sentence } from "../src/index.ts";

interface Scores {
  readonly score: number;
  readonly perImage: readonly number[];
}

/** A corpus and the reference implementations' scores for it; see golden/make_metrics.py. */
interface GoldenCorpus {
  readonly name: string;
  readonly candidates: readonly Sentence[];
  readonly references: readonly (readonly Sentence[])[];
  readonly bleu: { readonly score: readonly number[]; readonly perImage: readonly number[][] };
  readonly rougeL: Scores;
  readonly cider: Scores;
  readonly ciderD: Scores;
  readonly meteor: Scores;
  readonly sacrebleu: { readonly none: readonly number[]; readonly exp: readonly number[] };
}

type Stored = Omit<GoldenCorpus, "name" | "candidates" | "references"> & {
  readonly candidates: readonly string[];
  readonly references: readonly (readonly string[])[];
};

const stored: Record<string, Stored> = JSON.parse(
  readFileSync(new URL("./golden/metrics.golden.json", import.meta.url), "utf8"),
);

const words = (text: string) => text.split(" ").filter((word) => word !== "");

export const goldenCorpora: readonly GoldenCorpus[] = Object.entries(stored).map(
  ([name, corpus]) => ({
    ...corpus,
    name,
    candidates: corpus.candidates.map(words),
    references: corpus.references.map((sentences) => sentences.map(words)),
  }),
);
