/** Longer texts are cut off: no question has so many characters. */
const maxLength = 2000;

/** A text on one line, without control characters; at most 2,000 characters. */
export function cleanText(text: string): string {
  return text
    .slice(0, 2 * maxLength)
    .normalize("NFKC")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
    .slice(0, maxLength);
}

/** Lower-cased words, without punctuation; an apostrophe is a part of its word. */
export function wordsOf(text: string): string[] {
  const plain = text.toLowerCase().replace(/[’ʼ]/g, "'");
  return plain.match(/[\p{L}\p{N}]+(?:'[\p{L}]+)*/gu) ?? [];
}
