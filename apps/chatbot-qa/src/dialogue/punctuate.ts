const asks =
  /^(?:(?:so|and|but|well|oh|hey),? )?(?:who|whose|what|which|when|where|why|how|do|does|did|is|are|was|were|can|could|will|would|have|has|should)\b/i;

/**
 * English text with a capital and a mark at the end, as most turns that a model learns from have them: who types without
 * would get the replies of those few who do.
 */
export function punctuate(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  if (/[\p{P}\p{S}]$/u.test(text)) return capital;
  return `${capital}${asks.test(text) ? "?" : "."}`;
}
