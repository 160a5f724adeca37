import type { AnswerResult } from "../answerer.ts";

type Answered = Pick<AnswerResult, "answer" | "probability" | "confident" | "alternatives">;
type Attention = NonNullable<AnswerResult["attention"]>;

/** `yes (0.83)`, or `not sure; my best guess is yes (0.31)`. */
export function answerText({ confident, ...best }: Answered): string {
  return confident ? rated(best) : `not sure; my best guess is ${rated(best)}`;
}

/** The answer, and the runners-up on a line of their own: `or no (0.12), maybe (0.02)`. */
export function answerLines(result: Answered): string {
  const others = result.alternatives.map(rated).join(", ");
  return others === "" ? answerText(result) : `${answerText(result)}\nor ${others}`;
}

/** An answer as a line of JSON. */
export function jsonOf(image: string, result: AnswerResult) {
  const { question, answer, probability, confident, alternatives, warning } = result;
  const found = { answer, probability, confident, alternatives };
  return { image, question, ...found, ...(warning !== undefined && { warning }) };
}

function rated({ answer, probability }: Answered["alternatives"][number]): string {
  return `${answer} (${probability.toFixed(2)})`;
}

/** Where the last hop looked most: `top left`, `top`, `left`, `center`, ... */
export function regionName({ grid: [rows, columns], hops }: Attention): string {
  const weights = hops.at(-1) ?? new Float32Array();
  const cell = weights.indexOf(Math.max(...weights));
  const third = (at: number, count: number) => Math.floor(((at + 0.5) * 3) / count);
  const down = ["top", "", "bottom"][third(Math.floor(cell / columns), rows)];
  const across = ["left", "", "right"][third(cell % columns, columns)];
  return [down, across].filter(Boolean).join(" ") || "center";
}
