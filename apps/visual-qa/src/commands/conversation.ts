import { AttendError } from "@attend/runtime/errors";
import type { Answerer, AnswerResult } from "../answerer.ts";
import { regionName } from "../present/answers.ts";

/** How a conversation asks and shows its answers. */
export interface ConversationOptions {
  /** Options of each question; attention is requested in any case, for `/why`. */
  readonly ask: Parameters<Answerer["ask"]>[2];
  /** The answer as a line or lines of output. */
  readonly show: (photo: string, result: AnswerResult) => string;
  /** Writes the picture of where the model looked, and returns its path. */
  readonly draw?: ((photo: string, result: AnswerResult) => Promise<string>) | undefined;
}

const commands = "/photo <file>, /why or /quit";

/** Questions about a photo, one after the other. */
export class Conversation {
  readonly #answerer: Pick<Answerer, "ask">;
  readonly #options: ConversationOptions;
  #photo: string;
  #last: AnswerResult | undefined;

  constructor(answerer: Pick<Answerer, "ask">, photo: string, options: ConversationOptions) {
    this.#answerer = answerer;
    this.#photo = photo;
    this.#options = options;
  }

  /**
   * The reply to a question or command; none to an empty line and to `/photo`.
   *
   * @throws AttendError of `ask`; BAD_ARGUMENT for an unknown command, or `/why` without an answer or attention
   */
  async reply(line: string): Promise<string | undefined> {
    const text = line.trim();
    if (text === "") return undefined;
    const { ask, show } = this.#options;
    if (text.startsWith("/")) return this.#obey(text);
    this.#last = undefined;
    this.#last = await this.#answerer.ask(this.#photo, text, { ...ask, attention: true });
    return show(this.#photo, this.#last);
  }

  async #obey(text: string): Promise<string | undefined> {
    const [, command, argument = ""] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
    if (command === "/photo" && argument !== "") {
      this.#photo = argument;
      this.#last = undefined;
      return undefined;
    }
    if (command === "/why") return this.#explain();
    throw new AttendError("BAD_ARGUMENT", `${text} is no command; use ${commands}`);
  }

  async #explain(): Promise<string> {
    const last = this.#last;
    if (last === undefined) {
      throw new AttendError("BAD_ARGUMENT", "there is no answer to explain; ask a question first");
    }
    if (last.attention === undefined) {
      const message = "this model has no attention; use one that has for /why";
      throw new AttendError("BAD_ARGUMENT", message);
    }
    return this.#options.draw?.(this.#photo, last) ?? regionName(last.attention);
  }
}
