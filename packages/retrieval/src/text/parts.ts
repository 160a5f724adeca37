const asks =
  "how|what|when|where|who|why|which|can|could|do|does|did|is|are|will|would|may|should|must";
const startsQuestion = new RegExp(`^(?:(?:and|but|also|or|so)\\s+)*(?:${asks})\\b`, "i");
const joint = new RegExp(
  `[,;]?\\s+(?:and also|and|also|as well as|plus)\\s+(?=(?:${asks})\\b)`,
  "i",
);
/** More questions than anyone asks at once are one long text. */
const maxParts = 4;

/**
 * The questions that a text asks: `How do I book, and what does it cost?` has two. A text without two questions is
 * returned as it is: `I lost my card. What now?` is understood as a whole.
 */
export function questionParts(text: string): string[] {
  const sentences = text.split(/(?<=[.?!])\s+/).filter((part) => part !== "");
  const parts = sentences.flatMap((sentence) => sentence.split(joint)).map((part) => part.trim());
  const areQuestions = parts.every((part) => startsQuestion.test(part) || part.endsWith("?"));
  const isSplit = parts.length > 1 && parts.length <= maxParts && areQuestions;
  return isSplit ? parts : [text];
}
