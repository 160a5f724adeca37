import { AttendError } from "@attend/runtime/errors";
import { replaceEntities, separateMarks, separateStops } from "./punctuation.ts";
import { splitWords, trimEnd, trimStart } from "./white-space.ts";

/**
 * How sacreBLEU splits a line into the tokens that BLEU compares:
 *
 * - `13a`: NIST's mteval-v13a, the WMT standard; for languages in Latin script;
 * - `intl`: mteval-v14, by the Unicode classes of punctuation and symbols, which stay attached to
 *   digits;
 * - `zh`: each Chinese character is a token, other text is split as by `13a`;
 * - `char`: each character is a token;
 * - `none`: splits only at white space, for lines that are already tokenized.
 */
export type BleuTokenizer = "13a" | "intl" | "zh" | "char" | "none";

/** The BLEU tokenizer for a language: `zh` for Chinese, characters for other languages without spaces, else `13a`. */
export function bleuTokenizerFor(language: string): BleuTokenizer {
  const { script = "" } = new Intl.Locale(language).maximize();
  if (/^Han[ist]$/.test(script)) return "zh";
  return /^(Jpan|Thai|Laoo|Khmr|Mymr)$/.test(script) ? "char" : "13a";
}

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
  // No white space is added around the line, as in sacreBLEU: a period after a final digit stays
  // attached.
  zh: (line) => separateStops(separateMarks(trimStart(line).replace(chinese, " $& "))),
  char: (line) => [...line].join(" "),
  none: (line) => line,
};

/**
 * What sacreBLEU considers Chinese: ideographs and CJK punctuation. It also includes U+2001 to
 * U+2A6D (dashes, quotation marks, arrows) but not the ideographs beyond U+FFFF, because `\u20000`
 * in its table means the character U+2000 followed by a zero.
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
 * The tokens of a line, as the sacreBLEU tokenizer of that name splits it (Post 2018).
 *
 * @param lowercase converts the line to lower case first.
 * @throws AttendError BAD_ARGUMENT if there is no such tokenizer.
 */
export function tokenizeForBleu(
  line: string,
  tokenizer: BleuTokenizer,
  { lowercase = false }: { lowercase?: boolean } = {},
): string[] {
  checkTokenizer(tokenizer);
  return splitWords(tokenizers[tokenizer](trimEnd(lowercase ? line.toLowerCase() : line)));
}

/** @throws AttendError BAD_ARGUMENT if there is no such tokenizer. */
export function checkTokenizer(tokenizer: BleuTokenizer): void {
  if (Object.hasOwn(tokenizers, tokenizer)) return;
  throw new AttendError(
    "BAD_ARGUMENT",
    `there is no BLEU tokenizer "${tokenizer}"; use one of ${Object.keys(tokenizers).join(", ")}`,
  );
}
