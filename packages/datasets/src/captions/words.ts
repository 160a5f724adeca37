/** White-space separated words that hold a letter or digit; a rough measure, no tokenizer. */
export function wordsOf(text: string): string[] {
  return text.match(/\S*[\p{L}\p{N}]\S*/gu) ?? [];
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Whether a text is one word alone, also in languages that write no spaces between words. */
export function isSingleWord(text: string): boolean {
  if (wordsOf(text).length !== 1) return false;
  let words = 0;
  for (const segment of segmenter.segment(text)) if (segment.isWordLike) words++;
  return words <= 1;
}
