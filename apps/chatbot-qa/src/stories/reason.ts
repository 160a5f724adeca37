/** A fact of a story, and how much each hop looked at it. */
export interface Attended {
  readonly text: string;
  /** Its number in the story, from 1. */
  readonly number: number;
  readonly weights: readonly number[];
}

/** A fact is shown if a hop has looked at it so much. */
const leastWeight = 0.05;

/** The facts that some hop looked at, in the order of the story. */
export function attendedFacts(facts: readonly Attended[]): Attended[] {
  return facts.filter(({ weights }) => weights.some((weight) => weight >= leastWeight));
}

/** The fact that the last hop, from which the answer is read, looked at most. */
export function mostAttended(facts: readonly Attended[]): Attended | undefined {
  const last = ({ weights }: Attended) => weights.at(-1) ?? 0;
  const [first] = facts.toSorted((a, b) => last(b) - last(a));
  return first;
}

/** What an answer rests on, for people: a line for each fact, with the weight of each hop. */
export function reasonOf(answer: string, confidence: number, facts: readonly Attended[]): string {
  const said = `${answer} (${confidence.toFixed(2)})`;
  const [first] = facts;
  if (first === undefined) return `${said}; this reader does not tell what it looked at`;
  const heads = first.weights.map((_, hop) => `hop ${hop + 1}`);
  const rows = facts.map(({ text, number, weights }) =>
    [...weights.map((weight) => weight.toFixed(2).padStart(5)), `${number} ${text}`].join("  "),
  );
  return [`${said}, looking at`, heads.join("  "), ...rows].join("\n");
}
