import type { Chat, ChatEvents, ChatPhoto, Reply } from "@attend/serve/schemas";
import { useRef, useState } from "react";
import { ApiError, ask, askJson, formOf } from "../../api/client.ts";
import { streamOf } from "../../api/events.ts";
import { useTask } from "../../kit/use-task.ts";

/** What one side said. A bot's text grows until its reply is there. */
export type Entry =
  | { readonly who: "user"; readonly text: string }
  | { readonly who: "bot"; readonly text: string; readonly reply?: Reply }
  | { readonly who: "photo"; readonly name: string; readonly address: string };

export interface Conversation {
  readonly chat: Chat | undefined;
  readonly entries: readonly Entry[];
  /** What goes on now. */
  readonly doing: "teaching" | "looking" | "answering" | undefined;
  readonly error: unknown;
  say(text: string): void;
  /** Makes a bot of a FAQ, and starts a conversation with it. */
  teach(faq: File): void;
  /** Questions are about the photo from now on. */
  show(photo: File): void;
  cancel(): void;
  /** Does what failed again. */
  retry(): void;
  /** Forgets the conversation, and keeps the bot unless it is gone. */
  restart(): void;
}

export function useConversation(): Conversation {
  const [chat, setChat] = useState<Chat>();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [doing, setDoing] = useState<Conversation["doing"]>();
  const started = useRef<Chat>(undefined);
  const latest = useRef<() => void>(undefined);
  const task = useTask<void>();

  const begin = (made: Chat | undefined) => {
    const before = started.current;
    if (before) void ask(`chats/${before.id}`, { method: "DELETE" }).catch(() => undefined);
    started.current = made;
    setChat(made);
    setEntries([]);
  };
  const start = async (signal: AbortSignal): Promise<Chat> => {
    if (started.current) return started.current;
    const made = await askJson<Chat>("chats", { body: {}, signal });
    started.current = made;
    setChat(made);
    return made;
  };
  const add = (entry: Entry) => setEntries((before) => [...before, entry]);
  /** In the place of what it has told so far. */
  const tell = (entry: Entry) =>
    setEntries((before) => [
      ...(before.at(-1)?.who === "bot" ? before.slice(0, -1) : before),
      entry,
    ]);
  const attempt = (what: Conversation["doing"], work: (signal: AbortSignal) => Promise<void>) => {
    latest.current = () => attempt(what, work);
    setDoing(what);
    task.run((signal) =>
      work(signal).catch((thrown: unknown) => {
        if (thrown instanceof ApiError && thrown.code === "CHAT_NOT_FOUND") {
          started.current = undefined;
          setChat(undefined);
        }
        throw thrown;
      }),
    );
  };

  return {
    chat,
    entries,
    doing: task.isRunning ? doing : undefined,
    error: task.error,
    cancel: task.cancel,
    retry: () => latest.current?.(),
    restart: () => {
      task.clear();
      begin(undefined);
    },
    say: (text) => {
      add({ who: "user", text });
      attempt("answering", async (signal) => {
        const { id } = await start(signal);
        const events = streamOf<ChatEvents>(`chats/${id}/messages`, { body: { text }, signal });
        let told = "";
        let isAnswered = false;
        for await (const { event, data } of events) {
          isAnswered = event === "answer";
          if (event === "answer") tell({ who: "bot", text: data.answer, reply: data });
          else {
            told += data.text;
            tell({ who: "bot", text: told });
          }
        }
        if (!isAnswered) throw new ApiError("the answer broke off", 0);
      });
    },
    teach: (faq) => {
      attempt("teaching", async (signal) => {
        begin(await askJson<Chat>("chats", { body: formOf({ faq }), signal }));
      });
    },
    show: (photo) => {
      attempt("looking", async (signal) => {
        const { id } = await start(signal);
        await askJson<ChatPhoto>(`chats/${id}/photo`, { body: formOf({ image: photo }), signal });
        add({ who: "photo", name: photo.name, address: URL.createObjectURL(photo) });
      });
    },
  };
}
