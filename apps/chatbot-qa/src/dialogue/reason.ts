/** What a reply rests on, for people: the words that it looked at most. */
export function reasonOf(attended: readonly { text: string; share: number }[]): string {
  const shares = new Map<string, number>();
  for (const { text, share } of attended) {
    const word = text.trim();
    if (/[\p{L}\p{N}]/u.test(word)) shares.set(word, (shares.get(word) ?? 0) + share);
  }
  const most = [...shares].sort(([, a], [, b]) => b - a).slice(0, 4);
  const words = most.map(([word, share]) => `"${word}" (${Math.round(100 * share)} %)`);
  const looked = words.length === 0 ? "" : `, looking most at ${words.join(", ")}`;
  return `made up word by word${looked}; nothing that it says is checked`;
}
