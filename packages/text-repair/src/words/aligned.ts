/**
 * Pairs of indices of words that are the same or replaced, where as few words as possible are replaced, added or left out
 * (Levenshtein 1966).
 */
export function alignedWords(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length === b.length && a.every((word, i) => word === b[i])) return a.map((_, i) => [i, i]);
  const width = b.length + 1;
  const costs = new Uint32Array((a.length + 1) * width);
  const costAt = (i: number, j: number) => costs[i * width + j] ?? 0;
  const replaced = (i: number, j: number) => costAt(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      const isEdge = i === 0 || j === 0;
      const changed = isEdge ? i + j : Math.min(costAt(i - 1, j) + 1, costAt(i, j - 1) + 1);
      costs[i * width + j] = isEdge ? changed : Math.min(replaced(i, j), changed);
    }
  }
  const pairs: [number, number][] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 && j > 0) {
    if (costAt(i, j) === replaced(i, j)) pairs.push([--i, --j]);
    else if (costAt(i, j) === costAt(i - 1, j) + 1) i--;
    else j--;
  }
  return pairs.reverse();
}
