import { randomUUID } from "node:crypto";
import { HttpError } from "./http-error.ts";
import type { Uploads } from "./uploads.ts";

/** A conversation: which bot it is with, and what was said. */
export interface Conversation {
  readonly id: string;
  /** A folder for its files, which are removed with it. */
  readonly files: string;
  /** The bot's model; undefined for the shipped one. */
  folder: string | undefined;
  turns: readonly { readonly question: string; readonly answer: string }[];
  /** What questions are about, until it is put away. */
  photo: string | undefined;
  /** When something was last said, in milliseconds. */
  used: number;
}

/** Conversations at a time; the one that nothing was said in for longest gives way. */
const maxConversations = 500;

/** The conversations that clients hold. One in which nothing is said for long is forgotten. */
export class ChatList {
  readonly #uploads: Uploads;
  readonly #idleMs: number;
  /** The one used last is last. */
  readonly #conversations = new Map<string, Conversation>();

  constructor(uploads: Uploads, idleSeconds: number) {
    this.#uploads = uploads;
    this.#idleMs = 1000 * idleSeconds;
  }

  /** Starts a conversation with the shipped bot. */
  async start(): Promise<Conversation> {
    await this.#forgetIdle();
    const id = randomUUID();
    const files = await this.#uploads.keep();
    const started = { id, files, folder: undefined, turns: [], photo: undefined, used: Date.now() };
    this.#conversations.set(id, started);
    return started;
  }

  /** @throws HttpError 404 if it was forgotten, or never there */
  async find(id: string): Promise<Conversation> {
    await this.#forgetIdle();
    const found = this.#conversations.get(id);
    if (found === undefined) {
      const message = `there is no conversation ${id}, or nothing was said in it for long; start one with POST /v1/chats`;
      throw new HttpError(404, "CHAT_NOT_FOUND", message);
    }
    found.used = Date.now();
    this.#conversations.delete(id);
    this.#conversations.set(id, found);
    return found;
  }

  /** Forgets a conversation, and removes its files. */
  async end({ id, files }: Conversation): Promise<void> {
    this.#conversations.delete(id);
    await this.#uploads.remove(files);
  }

  async #forgetIdle(): Promise<void> {
    const all = [...this.#conversations.values()];
    const since = Date.now() - this.#idleMs;
    const kept = all.slice(-maxConversations + 1).filter(({ used }) => used >= since);
    for (const each of all) if (!kept.includes(each)) await this.end(each);
  }
}
