import type { Kind, Reply, Responder, Turn } from "../src/responder.ts";

/** Replies in capitals, two words at a time; unsure of questions with "maybe". Remembers the turns before. */
export class Shouter implements Responder {
  readonly kind: Kind;
  closed = false;
  turns: readonly Turn[] = [];
  change: string | undefined;

  constructor(kind: Kind = "faq") {
    this.kind = kind;
  }

  async *respond(question: string, turns: readonly Turn[]): AsyncGenerator<string, Reply, void> {
    this.turns = [...turns];
    const answer = question.toUpperCase();
    for (const piece of answer.match(/\S+\s*\S*\s*/g) ?? []) yield piece;
    return {
      ...{ question, answer, confidence: 0.75, confident: !question.includes("maybe") },
      source: { text: question, file: "faq.csv", line: 2 },
      why: `because of "${question}"`,
    };
  }

  async changed() {
    return this.change;
  }

  close() {
    this.closed = true;
  }
}
