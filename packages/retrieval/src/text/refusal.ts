const not = "(?:do|does|did|would|will|am|is|are)(?: not|n't)|dont|doesnt|wont|never|no longer|not";
const patterns = [
  new RegExp(
    String.raw`\b(?:${not})\s+(?:\w+ )?(?:want|wish|need|intend|plan|mean|care|like|going|interested|looking)\b`,
  ),
  /\b(?:rather not|no need to|have no intention)\b/,
  /^(?:no )?(?:please |just |and |but )?(?:do not|don't|dont|never|stop)\s+\w/,
];

/**
 * Whether a text says that its author does not want something: `I don't want to book`, `do not book`. A vector hardly
 * tells it from its opposite. `I cannot log in` is no refusal, it asks for help.
 */
export function isRefusal(text: string): boolean {
  const plain = text.toLowerCase().replace(/[’ʼ]/g, "'");
  return patterns.some((pattern) => pattern.test(plain));
}
