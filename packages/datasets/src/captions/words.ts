/** Words separated by whitespace that contain a letter or digit; a rough measure, not a tokenizer. */
export function wordsOf(text: string): string[] {
  return text.match(/\S*[\p{L}\p{N}]\S*/gu) ?? [];
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Whether a text is a single word, also in languages without spaces between words. */
export function isSingleWord(text: string): boolean {
  if (wordsOf(text).length !== 1) return false;
  let words = 0;
  for (const segment of segmenter.segment(text)) if (segment.isWordLike) words++;
  return words <= 1;
}
