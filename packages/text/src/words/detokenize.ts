import { isUnspaced } from "./tokenize.ts";

/** Tokens without a space before them: ends of words, punctuation, closing brackets. */
const attachesLeft = /^(?:n't|'(?:s|m|d|ll|re|ve)?|''|[%¢.,!?;:)\]}]+|-r[rsc]b-)$/;
/** Tokens without a space after them. */
const attachesRight = /^(?:[$#([{`]|``|-l[rsc]b-|'t|y')$/;
/** Words that `tokenize` splits in two. */
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
 * A readable caption from a model's tokens: words are rejoined (`does n't` -> `doesn't`, `50 %` -> `50%`), the
 * first letter and the pronoun I are capitalized, and a period is added if there is no punctuation at the
 * end. Names stay in lower case; tokens that `tokenize` dropped are lost. Words of scripts without spaces
 * (Chinese, Japanese, Thai) are joined without spaces; Chinese and Japanese end with 。, Thai with nothing.
 *
 * @returns the sentence; an empty string for no tokens
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

/** In a sentence without spaces, foreign words and numbers have none around them either. */
function joinsUnspaced(before: string, token: string, isMostlyUnspaced: boolean): boolean {
  const [left, right] = [isUnspaced(before.at(-1) ?? ""), isUnspaced(token.at(0) ?? "")];
  return (left && right) || (isMostlyUnspaced && (left || right));
}

function fullStopOf(sentence: string, isMostlyUnspaced: boolean): string {
  if (!isMostlyUnspaced) return ".";
  return /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u.test(sentence) ? "。" : "";
}
