const asking =
  /^(?:how|where|when|what)?\s*(?:do|can|could|may|should|must|will)\s+(?:i|we)\s+(.+?)\??$|^(?:i|we)(?:'d like| want| would like| need) to\s+(.+?)[.?!]?$/i;
const direction =
  /\b(?:from\s+)?([\p{L}\p{N}]+)\s+(to|into|than)\s+(?:an?\s+|the\s+)?([\p{L}\p{N}]+)/iu;

/** The opposite of a question: `I don't want to book a table` of `how do I book a table?`; undefined if it has none. */
export function negated(question: string): string | undefined {
  const [, asked, wanted] = asking.exec(question.trim()) ?? [];
  const act = asked ?? wanted;
  return act === undefined ? undefined : `I don't want to ${act}`;
}

/** A question with its two ends exchanged: `from B to A` of `from A to B`; undefined if it has none. */
export function withSwappedEnds(question: string): string | undefined {
  const found = direction.exec(question);
  const [whole, from, word, to] = found ?? [];
  if (whole === undefined || from === undefined || word === undefined || to === undefined) return;
  if (/^(?:how|want|like|need|have|able|i|we|you|due|up|going)$/i.test(from)) return undefined;
  const start = /^from\s/i.test(whole) ? "from " : "";
  return question.replace(whole, `${start}${to} ${word} ${from}`);
}
