import { type DialogueNetwork, reply } from "@attend/dialogue";
import type { LoadOptions } from "@attend/model-folder";
import { createRandom } from "@attend/runtime";
import type { Tokenizer } from "@attend/text";
import type { Reply, ReplyOptions, Responder, Turn } from "../responder.ts";
import { Conversation } from "./conversation.ts";
import { dialogueModels, framed } from "./model.ts";
import { reasonOf } from "./reason.ts";

/** Conversations that are kept; one that is older is heard again from its turns. */
const maxConversations = 16;

/** Loads a bot that converses; see `loadChatbot` for its errors. */
export async function loadDialogue(folder: string, options: LoadOptions): Promise<Responder> {
  return new DialogueResponder(await dialogueModels.load(folder, options));
}

/** Makes its replies up, word by word. */
class DialogueResponder implements Responder {
  readonly kind = "dialogue";
  readonly #network: DialogueNetwork;
  readonly #tokenizer: Tokenizer;
  readonly #config: Awaited<ReturnType<typeof dialogueModels.readConfig>>;
  /** By the list of their turns, which a session keeps; the latest last. */
  readonly #conversations = new Map<readonly Turn[], Conversation>();

  constructor({ network, tokens, config }: Awaited<ReturnType<typeof dialogueModels.load>>) {
    this.#network = network;
    this.#tokenizer = tokens;
    this.#config = config;
  }

  async *respond(
    question: string,
    turns: readonly Turn[],
    { signal }: ReplyOptions = {},
  ): AsyncGenerator<string, Reply, void> {
    const conversation = this.#conversationOf(turns);
    conversation.hear(this.#encode(question));
    const special = framed(this.#tokenizer);
    const decoder = this.#tokenizer.decoder();
    const { maxTokens, reply: manner } = this.#config;
    const { mutualInformation: weight, ...sampling } = manner;
    const said: number[] = [];
    let answer = "";
    const tokens = reply(this.#network, conversation.listener, {
      ...{ special, ...sampling, signal, random: conversation.random, said: conversation.said },
      maxLength: maxTokens,
      ...(weight !== undefined && { mutualInformation: { weight } }),
      suppressed: () => decoder.suppressed,
    });
    for await (const token of tokens) {
      said.push(token);
      const piece = answer === "" ? decoder.push(token).trimStart() : decoder.push(token);
      answer += piece;
      if (piece !== "") yield piece;
    }
    const { confidence, attention } = conversation.judge(said);
    conversation.say(said);
    return {
      ...{ question, answer: answer.trimEnd(), confidence, confident: false, source: null },
      why: reasonOf(
        attention.map(({ token, weight: share }) => ({
          text: this.#tokenizer.token(token),
          share,
        })),
      ),
    };
  }

  close(): void {
    for (const conversation of this.#conversations.values()) conversation.dispose();
    this.#conversations.clear();
    this.#network.dispose();
  }

  /** What was heard so far of a conversation: only what is new is read, unless a reply was left before its end. */
  #conversationOf(turns: readonly Turn[]): Conversation {
    let found = this.#conversations.get(turns);
    this.#conversations.delete(turns);
    if (found?.turns !== 2 * turns.length) {
      found?.dispose();
      found = new Conversation(this.#network, framed(this.#tokenizer), createRandom(1));
      for (const { question, answer } of turns) {
        found.hear(this.#encode(question));
        found.say(this.#encode(answer));
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

  #encode(text: string): number[] {
    return this.#tokenizer.encode(text).slice(0, this.#config.maxTokens);
  }
}
