import type { Kind, Reply, ReplyOptions, Responder, Turn } from "./responder.ts";

/** The intent of what is said for its own sake, rather than to ask something. */
export const smallTalk = "small talk";

/**
 * English questions and requests that are not about the other person. Whoever asks a bot expects a true answer, so that they
 * are not small talk, whatever a classifier says.
 */
export const asksFacts =
  /^(?:(?:so|and|but|well|ok|hey),? )?(?:who|what|which|when|where|why|how|whose|can|could|does|do|did|is|are|was|were|will|would|has|have|should|tell|recommend|suggest|find|play)\s(?!.*\b(?:you|your|yours|u|my|we|our)\b)/i;

/** A responder that is loaded when it is first needed. */
class Later {
  readonly #load: () => Promise<Responder>;
  #loaded: Promise<Responder> | undefined;

  constructor(load: () => Promise<Responder>) {
    this.#load = load;
  }

  get(): Promise<Responder> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  close(): void {
    // What failed to load has told so already.
    this.#loaded?.then(
      (responder) => responder.close(),
      () => {},
    );
  }
}

/**
 * Answers by one responder, and, where that is not confident, small talk by another. Whatever else it does not know stays
 * unknown.
 */
export class SmallTalk implements Responder {
  readonly #answerer: Responder;
  readonly #recognizer: Later;
  readonly #talker: Later;
  /** The small talk of each conversation, by its turns: answers to questions would only confuse the talker. */
  readonly #chats = new WeakMap<readonly Turn[], Turn[]>();

  /**
   * Takes ownership of the responders.
   *
   * @param loadRecognizer loads what tells {@link smallTalk} from questions, a classifier of intents, when first needed
   * @param loadTalker loads what makes up replies to it, when first needed
   */
  constructor(
    answerer: Responder,
    loadRecognizer: () => Promise<Responder>,
    loadTalker: () => Promise<Responder>,
  ) {
    this.#answerer = answerer;
    this.#recognizer = new Later(loadRecognizer);
    this.#talker = new Later(loadTalker);
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
    const chat = this.#chats.get(turns) ?? [];
    const last = chat.at(-1);
    const isChatting = last !== undefined && last.answer === turns.at(-1)?.answer;
    if (isKnown || !(await this.#isSmallTalk(question, isChatting, options))) {
      yield* pieces;
      return reply;
    }
    this.#chats.set(turns, chat);
    const talker = await this.#talker.get();
    yield "(made up) ";
    const said = yield* talker.respond(question, chat, options);
    chat.push({ question, answer: said.answer });
    return { ...said, confident: false, source: { text: "conversation" } };
  }

  async changed(): Promise<string | undefined> {
    return this.#answerer.changed?.();
  }

  close(): void {
    for (const each of [this.#answerer, this.#recognizer, this.#talker]) each.close();
  }

  /** @param isChatting whether the last turn was small talk: what is neither goes on with it, unless it asks something */
  async #isSmallTalk(text: string, isChatting: boolean, options: ReplyOptions): Promise<boolean> {
    if (asksFacts.test(text)) return false;
    const recognizer = await this.#recognizer.get();
    const { reply } = await finished(recognizer.respond(text, [], options));
    if (reply.confident) return reply.answer === smallTalk;
    return isChatting && !text.includes("?");
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
