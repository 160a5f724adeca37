import type { Kind, Reply, ReplyOptions, Responder, Turn } from "./responder.ts";

/** The intent of what is said for its own sake, rather than to ask something. */
export const smallTalk = "small talk";

/**
 * English questions and requests that are not about the other person. Whoever asks a bot expects a true answer, so that they
 * are not small talk, whatever a classifier says.
 */
export const asksFacts =
  /^(?:(?:so|and|but|well|ok|hey),? )?(?:who|what|which|when|where|why|how|whose|can|could|does|do|did|is|are|was|were|will|would|has|have|should|tell|recommend|suggest|find|play)\s(?!.*\b(?:you|your|yours|u|my|we|our)\b)/i;

/**
 * Answers by one responder, and, where that is not confident, small talk by another. Whatever else it does not know stays
 * unknown.
 */
export class SmallTalk implements Responder {
  readonly #answerer: Responder;
  readonly #recognizer: Responder;
  readonly #talker: Responder;
  /** The small talk of each conversation, by its turns: answers to questions would only confuse the talker. */
  readonly #chats = new WeakMap<readonly Turn[], Turn[]>();

  /**
   * Takes ownership of the responders.
   *
   * @param recognizer tells {@link smallTalk} from questions: a classifier of intents
   * @param talker makes up replies to it
   */
  constructor(answerer: Responder, recognizer: Responder, talker: Responder) {
    this.#answerer = answerer;
    this.#recognizer = recognizer;
    this.#talker = talker;
  }

  get kind(): Kind {
    return this.#answerer.kind;
  }

  get advice(): string | undefined {
    return this.#answerer.advice;
  }

  async *respond(
    question: string,
    turns: readonly Turn[],
    options: ReplyOptions = {},
  ): AsyncGenerator<string, Reply, void> {
    const { pieces, reply } = await finished(this.#answerer.respond(question, turns, options));
    const isKnown = reply.confident || reply.parts?.some(({ confident }) => confident);
    if (isKnown || !(await this.#isSmallTalk(question, options))) {
      yield* pieces;
      return reply;
    }
    const chat = this.#chats.get(turns) ?? [];
    this.#chats.set(turns, chat);
    yield "(made up) ";
    const said = yield* this.#talker.respond(question, chat, options);
    chat.push({ question, answer: said.answer });
    return { ...said, confident: false, source: { text: "conversation" } };
  }

  async changed(): Promise<string | undefined> {
    return this.#answerer.changed?.();
  }

  close(): void {
    for (const each of [this.#answerer, this.#recognizer, this.#talker]) each.close();
  }

  async #isSmallTalk(text: string, options: ReplyOptions): Promise<boolean> {
    if (asksFacts.test(text)) return false;
    const { reply } = await finished(this.#recognizer.respond(text, [], options));
    return reply.confident && reply.answer === smallTalk;
  }
}

/** Everything that a responder yields, and its reply. */
async function finished(responding: AsyncGenerator<string, Reply, void>) {
  const pieces: string[] = [];
  for (;;) {
    const { done, value } = await responding.next();
    if (done) return { pieces, reply: value };
    pieces.push(value);
  }
}
