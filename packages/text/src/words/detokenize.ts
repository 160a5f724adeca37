import { isUnspaced } from "./tokenize.ts";

/** Written without a space before: ends of words, marks, closing brackets. */
const attachesLeft = /^(?:n't|'(?:s|m|d|ll|re|ve)?|''|[%¢.,!?;:)\]}]+|-r[rsc]b-)$/;
/** Written without a space after. */
const attachesRight = /^(?:[$#([{`]|``|-l[rsc]b-|'t|y')$/;
/** The pairs that `tokenize` makes of one word. */
const joined = new Set(["can not", "gon na", "wan na", "got ta", "lem me", "gim me"]);

const spelling: ReadonlyMap<string, string> = new Map([
  ["-lrb-", "("],
  ["-rrb-", ")"],
  ["-lsb-", "["],
  ["-rsb-", "]"],
  ["-lcb-", "{"],
  ["-rcb-", "}"],
  ["``", '"'],
  ["''", '"'],
  ["`", "'"],
  ["i", "I"],
]);

/**
 * A caption for people from the tokens of a model: words rejoined (`does n't` -> `doesn't`, `50 %` ->
 * `50%`), a capital at the beginning, a full stop at the end where no mark ends it, and the pronoun I.
 * Names stay in lower case; what `tokenize` dropped does not come back. Words of scripts without spaces
 * (Chinese, Japanese, Thai) are joined without; Chinese and Japanese end with 。, Thai with nothing.
 *
 * @returns the sentence; the empty string for no tokens.
 */
export function detokenize(tokens: readonly string[]): string {
  let text = "";
  let before: string | undefined;
  const unspaced = tokens.filter(isUnspaced).length;
  const isMostlyUnspaced =
    unspaced > 0 && 2 * unspaced >= tokens.filter((token) => /\p{L}/u.test(token)).length;
  for (const token of tokens) {
    const attached =
      before === undefined ||
      attachesLeft.test(token) ||
      attachesRight.test(before) ||
      joined.has(`${before} ${token}`) ||
      (unspaced > 0 && joinsUnspaced(before, token, isMostlyUnspaced));
    text += `${attached ? "" : " "}${spelling.get(token) ?? token}`;
    before = token;
  }
  const sentence = text.replace(/^["'([{]*\p{L}/u, (first) => first.toUpperCase());
  if (sentence === "" || /[.!?。]["')\]]?$/.test(sentence)) return sentence;
  return sentence + fullStopOf(sentence, isMostlyUnspaced);
}

/** In a sentence without spaces none stands beside a foreign word or a number either. */
function joinsUnspaced(before: string, token: string, isMostlyUnspaced: boolean): boolean {
  const [left, right] = [isUnspaced(before.at(-1) ?? ""), isUnspaced(token.at(0) ?? "")];
  return (left && right) || (isMostlyUnspaced && (left || right));
}

function fullStopOf(sentence: string, isMostlyUnspaced: boolean): string {
  if (!isMostlyUnspaced) return ".";
  return /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u.test(sentence) ? "。" : "";
}
