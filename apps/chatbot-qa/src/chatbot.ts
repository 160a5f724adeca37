import type { LoadOptions } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { kindOf, recognizerFolder, shippedFolder, smallTalkFolder } from "./model.ts";
import type { Kind, Responder, Turn } from "./responder.ts";
import { Session } from "./session.ts";
import { SmallTalk } from "./small-talk.ts";

/** Which model to load, on which engine. */
export interface ChatbotOptions extends LoadOptions {
  /** A folder written by `train`; default: `@attend/chat-attend`, which knows Attend's own questions. */
  readonly model?: string | undefined;
  /**
   * A folder written by `train --dialogue`: that model makes up replies to small talk that the other has no answer to, which
   * are never confident. Default: `@attend/chat-small-talk` if `model` is the default, too; otherwise false, none.
   */
  readonly smallTalk?: string | false | undefined;
}

type Load = (folder: string, options: LoadOptions) => Promise<Responder>;

/** Loads the responder of each kind of model; only its own code is imported. */
const loaders: Readonly<Record<Kind, Load>> = {
  dialogue: async (folder, options) =>
    (await import("./dialogue/responder.ts")).loadDialogue(folder, options),
  intents: async (folder, options) =>
    (await import("./intents/responder.ts")).loadIntents(folder, options),
  stories: async (folder, options) =>
    (await import("./stories/responder.ts")).loadStories(folder, options),
  faq: async (folder, options) => (await import("./faq/responder.ts")).loadFaq(folder, options),
};

/**
 * Loads an engine and a model. The caller closes the chatbot.
 *
 * @throws AttendError FILE_NOT_FOUND if the folder or one of its files is missing; BAD_CONFIG, BAD_DATA or
 *   BAD_WEIGHTS naming the invalid file; DATA_MISSING if its sentence encoder is not installed; ENGINE_MISSING
 */
export async function loadChatbot(options: ChatbotOptions = {}): Promise<Chatbot> {
  const { model, engine } = options;
  const { smallTalk = model === undefined && smallTalkFolder() } = options;
  // It is loaded late; a wrong folder is told at once.
  if (smallTalk !== false) await kindOf(smallTalk);
  const load = (folder: string) => loadResponder(folder, { engine });
  const answerer = await load(model ?? shippedFolder());
  if (smallTalk === false) return new Chatbot(answerer);
  const loadRecognizer = () => load(recognizerFolder());
  return new Chatbot(new SmallTalk(answerer, loadRecognizer, () => load(smallTalk)));
}

async function loadResponder(folder: string, options: LoadOptions): Promise<Responder> {
  const load = loaders[await kindOf(folder)];
  return load(folder, options);
}

/** Holds conversations. Created by `loadChatbot`; `close` frees its memory. */
export class Chatbot {
  readonly #responder: Responder;
  #closed = false;

  /** Takes ownership of the responder. */
  constructor(responder: Responder) {
    this.#responder = responder;
  }

  /** What its model answers from. */
  get kind(): Kind {
    return this.#responder.kind;
  }

  /** A line for people about how it could answer better, such as with sentence vectors that are not installed. */
  get advice(): string | undefined {
    return this.#responder.advice;
  }

  /**
   * Starts a conversation, or goes on with one that was held before; there may be several at a time.
   *
   * @param turns what was said before, the latest last
   * @throws AttendError BAD_ARGUMENT if the chatbot is closed
   */
  start(turns: readonly Turn[] = []): Session {
    if (this.#closed) {
      throw new AttendError("BAD_ARGUMENT", "this chatbot is closed; load another one");
    }
    return new Session(this.#responder, turns);
  }

  /** A line for people if what the model was taught from has changed since, such as a FAQ that was edited. */
  async changed(): Promise<string | undefined> {
    return this.#responder.changed?.();
  }

  /** Frees the model; its sessions cannot answer anymore. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#responder.close();
  }
}
