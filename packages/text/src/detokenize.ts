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
 * Names stay in lower case; what `tokenize` dropped does not come back.
 *
 * @returns the sentence; the empty string for no tokens.
 */
export function detokenize(tokens: readonly string[]): string {
  let text = "";
  let before: string | undefined;
  for (const token of tokens) {
    const attached =
      before === undefined ||
      attachesLeft.test(token) ||
      attachesRight.test(before) ||
      joined.has(`${before} ${token}`);
    text += `${attached ? "" : " "}${spelling.get(token) ?? token}`;
    before = token;
  }
  const sentence = text.replace(/^["'([{]*\p{L}/u, (first) => first.toUpperCase());
  return sentence === "" || /[.!?]["')\]]?$/.test(sentence) ? sentence : `${sentence}.`;
}
