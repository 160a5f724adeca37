import { writeJsonLine, writeLine, writeNote, writeText } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import { writeFileAtomic } from "@attend/runtime/files";
import type { Chatbot } from "../chatbot.ts";
import { plainText } from "../present/plain-text.ts";
import { failedRow, rowOf } from "../present/rows.ts";
import { readQuestion } from "../question.ts";
import type { Reply } from "../responder.ts";
import type { Session } from "../session.ts";
import { Look } from "./look.ts";

const help = `/why          what the last answer rests on
/reset        forget what was said
/save <file>  write the conversation to a file
/look <photo> ask about a photo; /look alone puts it away
/help         these commands
/quit         end`;

/** How a conversation is shown, and what it may look at. */
interface ConversationOptions {
  readonly json: boolean;
  /** A model of `attend-vqa`, for `/look`. */
  readonly lookModel?: string | undefined;
}

/** A conversation on the terminal: questions and commands. */
export class Conversation {
  readonly #bot: Pick<Chatbot, "start" | "changed" | "kind">;
  readonly #session: Session;
  readonly #options: ConversationOptions;
  #last: Reply | undefined;
  /** What was asked, and what was said in reply; nothing to a fact. */
  #said: { readonly question: string; readonly said: string }[] = [];
  #change: string | undefined;
  #look: Look | undefined;

  constructor(bot: Pick<Chatbot, "start" | "changed" | "kind">, options: ConversationOptions) {
    this.#bot = bot;
    this.#session = bot.start();
    this.#options = options;
  }

  /**
   * Writes the reply to a question or command; none to an empty line.
   *
   * @throws AttendError of `ask`; BAD_ARGUMENT for an unknown command, or `/why` without an answer; WRITE_FAILED
   */
  async reply(line: string): Promise<void> {
    const text = line.trim();
    if (text === "") return;
    return text.startsWith("/") ? this.#obey(text) : this.ask(text);
  }

  /** Writes the reply to a question. @throws AttendError of `Session.ask` */
  async ask(text: string): Promise<void> {
    await this.#noteChange();
    this.#last = undefined;
    try {
      this.#last = await this.#ask(text);
    } catch (thrown) {
      // A program that reads JSON gets a line in any case.
      if (this.#options.json && AttendError.isInstance(thrown)) {
        await writeJsonLine(failedRow(text, thrown.message, this.#bot.kind));
      }
      throw thrown;
    }
  }

  async #ask(text: string): Promise<Reply> {
    const { question, isCleaned } = readQuestion(text);
    if (isCleaned) writeNote("warning: control characters are left out");
    if (this.#look !== undefined) return this.#show(await this.#look.ask(question));
    const asked = this.#session.ask(question);
    let said = "";
    for await (const piece of asked) {
      const plain = plainText(piece);
      said += plain;
      if (!this.#options.json) await writeText(plain);
    }
    const reply = await asked.reply();
    this.#said.push({ question, said: reply.isFact ? "" : said.trimEnd() });
    if (this.#options.json) return this.#show(reply);
    await writeLine("");
    return reply;
  }

  async #show(reply: Reply): Promise<Reply> {
    if (this.#options.json) await writeJsonLine(rowOf(reply, this.#bot.kind));
    else
      await writeLine(
        reply.confident ? reply.answer : `not sure; my best guess is ${reply.answer}`,
      );
    return reply;
  }

  #lookAt(photo: string): void {
    this.close();
    if (photo !== "") this.#look = new Look(photo, this.#options.lookModel);
  }

  /** Puts the photo away, if there is one. */
  close(): void {
    this.#look?.close();
    this.#look = undefined;
    this.#last = undefined;
  }

  async #obey(text: string): Promise<void> {
    const [, command, argument = ""] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
    if (command === "/look") return this.#lookAt(argument);
    if (command === "/save" && argument !== "") return this.#save(argument);
    if (command === "/why" && argument === "") return this.#explain();
    if (command === "/help" && argument === "") return writeLine(help);
    if (command === "/reset" && argument === "") {
      this.#session.reset();
      this.#last = undefined;
      this.#said = [];
      return;
    }
    const message = `${text} is no command; use /why, /reset, /save <file>, /look <photo>, /help or /quit`;
    throw new AttendError("BAD_ARGUMENT", message);
  }

  async #explain(): Promise<void> {
    if (this.#last === undefined) {
      throw new AttendError("BAD_ARGUMENT", "there is no answer to explain; ask a question first");
    }
    await writeLine(plainText(this.#last.why));
  }

  async #save(file: string): Promise<void> {
    const turns = this.#said.map(({ question, said }) =>
      said === "" ? `${question}\n` : `? ${question}\n${said}\n`,
    );
    await writeFileAtomic(file, turns.join("\n"));
    writeNote(`${file}: ${turns.length} ${turns.length === 1 ? "turn" : "turns"}`);
  }

  /** Each change is noted once. */
  async #noteChange(): Promise<void> {
    const change = await this.#bot.changed();
    if (change !== undefined && change !== this.#change) writeNote(`note: ${change}`);
    this.#change = change;
  }
}
