import { AttendError } from "@attend/runtime/errors";
import { readQuestion } from "./question.ts";
import type { Reply, ReplyOptions, Responder, Turn } from "./responder.ts";

/** A conversation: a question is understood from the turns before. Started by `Chatbot.start`. */
export class Session {
  readonly #responder: Responder;
  #turns: Turn[];

  constructor(responder: Responder, turns: readonly Turn[]) {
    this.#responder = responder;
    this.#turns = [...turns];
  }

  /** What was said, the latest last. */
  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /**
   * Asks a question: `for await (const token of session.ask("...")) ...`, or `await session.ask("...").reply()`. It
   * throws AttendError BAD_ARGUMENT if the question is empty or too long, INTERRUPTED if `options.signal` is aborted.
   */
  ask(text: string, options: ReplyOptions = {}): Asked {
    return new Asked(this.#converse(text, options));
  }

  /** Forgets what was said. */
  reset(): void {
    this.#turns = [];
  }

  async *#converse(text: string, options: ReplyOptions): AsyncGenerator<string, Reply, void> {
    const { question } = readQuestion(text);
    const reply = yield* this.#responder.respond(question, this.#turns, options);
    this.#turns.push({ question, answer: reply.answer });
    return reply;
  }
}

/** A reply in the making. */
export class Asked implements AsyncIterable<string> {
  readonly #pieces: AsyncGenerator<string, Reply, void>;
  #reply: Reply | undefined;

  constructor(pieces: AsyncGenerator<string, Reply, void>) {
    this.#pieces = pieces;
  }

  /** The text of the reply, piece by piece as it is decided. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, void> {
    for (;;) {
      const { done, value } = await this.#pieces.next();
      if (!done) yield value;
      else {
        // Nothing is returned anymore if someone has read it to the end before.
        this.#reply ??= value;
        return;
      }
    }
  }

  /** The finished reply, with whatever pieces are left. */
  async reply(): Promise<Reply> {
    for await (const _ of this);
    if (this.#reply !== undefined) return this.#reply;
    throw new AttendError("BAD_ARGUMENT", "this question could not be answered; ask it again");
  }
}
