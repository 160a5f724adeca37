import { AttendError } from "@attend/runtime/errors";
import { replaceEntities, separateMarks, separateStops } from "./punctuation.ts";
import { splitWords, trimEnd, trimStart } from "./white-space.ts";

/**
 * How sacreBLEU cuts a line into the tokens that BLEU compares:
 *
 * - `13a`: NIST's mteval-v13a, which WMT reports with; for languages in Latin script;
 * - `intl`: mteval-v14, by Unicode's classes of punctuation and symbols; figures keep theirs;
 * - `zh`: Chinese characters one by one, other text as by `13a`;
 * - `char`: every character;
 * - `none`: at white space alone, for lines that are tokenised already.
 */
export type BleuTokenizer = "13a" | "intl" | "zh" | "char" | "none";

const tokenizers: Readonly<Record<BleuTokenizer, (line: string) => string>> = {
  "13a": (line) => {
    const joined = line.replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
    return separateStops(separateMarks(` ${replaceEntities(joined)} `));
  },
  intl: (line) =>
    line
      .replace(/(\P{N})(\p{P})/gu, "$1 $2 ")
      .replace(/(\p{P})(\P{N})/gu, " $1 $2")
      .replace(/\p{S}/gu, " $& "),
  // Without white space around the line, as sacreBLEU does it: a full stop after a last figure stays.
  zh: (line) => separateStops(separateMarks(trimStart(line).replace(chinese, " $& "))),
  char: (line) => [...line].join(" "),
  none: (line) => line,
};

/**
 * What sacreBLEU takes for Chinese: ideographs, and marks of Chinese print. It has U+2001 to U+2A6D as well
 * (dashes, quotation marks, arrows), and not the ideographs beyond U+FFFF, as its table means by `\u20000`
 * the character U+2000 and a nought.
 */
const chinese = new RegExp(
  `[${[
    "\\u2001-\\u2a6d",
    "\\u2e80-\\u2eff\\u2f00-\\u2fdf\\u2ff0-\\u2fff", // radicals
    "\\u3000-\\u303f\\u3100-\\u312f\\u31a0-\\u31bf", // marks; Bopomofo
    "\\u31c0-\\u31ef\\u3200-\\u33ff", // strokes; enclosed and squared
    "\\u3400-\\u4db5\\u4e00-\\u9fbb", // unified ideographs
    "\\uf900-\\ufa2d\\ufa30-\\ufa6a\\ufa70-\\ufad9", // compatibility ideographs
    "\\ufe10-\\ufe1f\\ufe30-\\ufe4f\\uff00-\\uffef", // vertical and full-width forms
  ].join("")}]`,
  "gu",
);

/**
 * The tokens of a line, as sacreBLEU's tokeniser of that name gives them (Post 2018).
 *
 * @param lowercase makes the line lower-case first.
 * @throws AttendError BAD_ARGUMENT where there is no such tokeniser.
 */
export function tokenizeForBleu(
  line: string,
  tokenizer: BleuTokenizer,
  { lowercase = false }: { lowercase?: boolean } = {},
): string[] {
  checkTokenizer(tokenizer);
  return splitWords(tokenizers[tokenizer](trimEnd(lowercase ? line.toLowerCase() : line)));
}

/** @throws AttendError BAD_ARGUMENT where there is no such tokeniser. */
export function checkTokenizer(tokenizer: BleuTokenizer): void {
  if (Object.hasOwn(tokenizers, tokenizer)) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `There is no BLEU tokeniser "${tokenizer}"; take one of ${Object.keys(tokenizers).join(", ")}.`,
  );
}
