import { readFileSync } from "node:fs";
import { framingTokens } from "../../src/index.ts";

/** Fictitious lines in English, German, French, Japanese and Chinese, and similar sentences. */
export const lines = readFileSync(new URL("../fixtures/lines.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

/** SentencePiece replaces spaces by U+2581. */
export const unmarked = (piece: string) => piece.replaceAll("\u2581", " ");

/** The names of special tokens: framing ones and the unknown one. */
export const specialTokens = [...framingTokens, "<unk>"];
