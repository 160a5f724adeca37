import { readFileSync } from "node:fs";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

/** What make_bpe.py wrote. */
export const golden: {
  size: number;
  characters: string[];
  merges: string[];
  sentences: { text: string; pieces: string[] }[];
} = JSON.parse(read("../golden/bpe.golden.json"));

export const lines = read("../fixtures/lines.txt").trimEnd().split("\n");

/** SentencePiece marks the space by U+2581; here it stays a space. */
export const unmarked = (piece: string) => piece.replaceAll("\u2581", " ");
