import { readFileSync } from "node:fs";

/** The output of make_bpe.py. */
export const golden: {
  size: number;
  characters: string[];
  merges: string[];
  sentences: { text: string; pieces: string[] }[];
} = JSON.parse(readFileSync(new URL("../golden/bpe.golden.json", import.meta.url), "utf8"));
