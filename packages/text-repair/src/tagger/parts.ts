/** The most parts of a word. */
export const maxParts = 24;

/**
 * The parts of a word of 3 and 4 letters, its edges marked, as hashes below `buckets`, so that unknown words have a
 * vector too (Bojanowski et al. 2017, 'Enriching word vectors with subword information', section 3.2). Digits are alike.
 *
 * @returns at least one, at most {@link maxParts}: the first and the last ones
 */
export function partsOf(key: string, buckets: number): number[] {
  const edged = `<${key.replace(/\p{N}/gu, "0")}>`;
  const parts: number[] = [];
  for (const size of [3, 4]) {
    for (let at = 0; at + size <= edged.length; at++) {
      parts.push(hash(edged.slice(at, at + size)) % buckets);
    }
  }
  if (parts.length === 0) parts.push(hash(edged) % buckets);
  return parts.length <= maxParts
    ? parts
    : [...parts.slice(0, maxParts / 2), ...parts.slice(-maxParts / 2)];
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
