import type { LoadOptions } from "@attend/model-folder";
import { createRandom } from "@attend/runtime";
import type { Reply, ReplyOptions, Responder, Turn } from "../responder.ts";
import { Conversation } from "./conversation.ts";
import { dialogueModels, framed } from "./model.ts";
import { punctuate } from "./punctuate.ts";
import { reasonOf } from "./reason.ts";
import { type DialogueModel, speak } from "./speak.ts";

/** Conversations that are kept; one that is older is heard again from its turns. */
const maxConversations = 16;

/** Loads a bot that converses; see `loadChatbot` for its errors. */
export async function loadDialogue(folder: string, options: LoadOptions): Promise<Responder> {
  return new DialogueResponder(await dialogueModels.load(folder, options));
}

/** Makes its replies up, word by word. */
class DialogueResponder implements Responder {
  readonly kind = "dialogue";
  readonly #model: DialogueModel;
  /** By the list of their turns, which a session keeps; the latest last. */
  readonly #conversations = new Map<readonly Turn[], Conversation>();

  constructor(model: DialogueModel) {
    this.#model = model;
  }

  async *respond(
    question: string,
    turns: readonly Turn[],
    { signal }: ReplyOptions = {},
  ): AsyncGenerator<string, Reply, void> {
    const conversation = this.#conversationOf(turns);
    conversation.hear(this.#encodeQuestion(question));
    const { listener, random, turns: said } = conversation;
    const speaking = speak(this.#model, listener, { random, said, signal });
    const tokens: number[] = [];
    let answer = "";
    for await (const { token, text } of speaking) {
      tokens.push(token);
      const piece = answer === "" ? text.trimStart() : text;
      answer += piece;
      if (piece !== "") yield piece;
    }
    const { confidence, attention } = conversation.judge(tokens);
    conversation.hear(tokens);
    return {
      ...{ question, answer: answer.trimEnd(), confidence, confident: false, source: null },
      why: reasonOf(
        attention.map(({ token, weight: share }) => ({
          text: this.#model.tokens.token(token),
          share,
        })),
      ),
    };
  }

  close(): void {
    for (const conversation of this.#conversations.values()) conversation.dispose();
    this.#conversations.clear();
    this.#model.network.dispose();
  }

  /** What was heard so far of a conversation: only what is new is read, unless a reply was left before its end. */
  #conversationOf(turns: readonly Turn[]): Conversation {
    const { network, tokens } = this.#model;
    let found = this.#conversations.get(turns);
    this.#conversations.delete(turns);
    if (found?.turns.length !== 2 * turns.length) {
      found?.dispose();
      found = new Conversation(network, framed(tokens), createRandom(1));
      for (const { question, answer } of turns) {
        found.hear(this.#encodeQuestion(question));
        found.hear(this.#encode(answer));
      }
    }
    this.#conversations.set(turns, found);
    const [oldest] = this.#conversations.keys();
    if (this.#conversations.size > maxConversations && oldest !== undefined) {
      this.#conversations.get(oldest)?.dispose();
      this.#conversations.delete(oldest);
    }
    return found;
  }

  #encodeQuestion(text: string): number[] {
    return this.#encode(this.#model.config.reply.punctuate ? punctuate(text) : text);
  }

  #encode(text: string): number[] {
    const { tokens, config } = this.#model;
    return tokens.encode(text).slice(0, config.maxTokens);
  }
}
