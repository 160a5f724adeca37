import type { Match } from "@attend/retrieval";
import { AttendError } from "@attend/runtime/errors";
import type { Reply, Source } from "../responder.ts";

/** The reply to a question from those to its parts, of which there is at least one. */
export function joinReplies(question: string, parts: readonly Reply[]): Reply {
  const [first] = parts;
  if (first === undefined) throw new AttendError("BAD_ARGUMENT", "the question has no words");
  if (parts.length === 1) return { ...first, question };
  return {
    question,
    answer: parts.map(({ answer }) => answer).join("\n\n"),
    confidence: Math.min(...parts.map(({ confidence }) => confidence)),
    confident: parts.every(({ confident }) => confident),
    source: first.source,
    parts,
    why: parts.map((part) => `"${part.question}": ${part.why}`).join("\n"),
  };
}

/** What the bot says: the answers, and where it has none, the nearest question. */
export function saidOf(parts: readonly Reply[]): string {
  return parts
    .map(({ question, answer, confident, source }) => {
      if (confident) return answer;
      const what = parts.length > 1 ? ` about "${question}"` : "";
      return `I do not know${what}; the nearest I have is "${source?.text}"`;
    })
    .join("\n\n");
}

/** `pairs.csv line 12, "Do you ship abroad?" (0.93); then "Where is my order?"` */
export function whyOf(found: {
  readonly source: Source;
  readonly confidence: number;
  readonly others: readonly Match[];
}): string {
  const { source, confidence, others } = found;
  const then = others.map(({ question }) => `"${question}"`);
  const cited = `${source.file} line ${source.line}, "${source.text}" (${confidence.toFixed(2)})`;
  return then.length === 0 ? cited : `${cited}; then ${then.join(", ")}`;
}
