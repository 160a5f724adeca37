import { readFileSync } from "node:fs";
import { framingTokens } from "../../src/index.ts";

/** Made-up lines in English, German, French, Japanese and Chinese, and sentences about the same. */
export const lines = readFileSync(new URL("../fixtures/lines.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

/** SentencePiece marks the space by U+2581; here it stays a space. */
export const unmarked = (piece: string) => piece.replaceAll("\u2581", " ");

/** The names of the tokens that stand for no text: framing ones and the unknown one. */
export const specialTokens = [...framingTokens, "<unk>"];
